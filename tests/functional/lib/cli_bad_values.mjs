// Values that no command may take, by what an option means. Each comes with the exit statuses that are right for it.

const usage = [2], refused = [1], either = [1, 2];
const bad = (statuses, ...values) => values.map((value) => ({ value, statuses }));
// What is said of them names the record or the list rather than the option.
const unnamed = (values) => values.map((each) => ({ ...each, unnamed: true }));
const wholeNumbers = bad(usage, '-1', 'abc', '1.5', '99999999999999999999999');
const ids = bad(either, 'nonsense', '-1', 'zz_1', '99999999999999999999999');

const kinds = {
  flag: [],
  free: [],  // any text makes sense
  amount: bad(usage, '-1', 'abc', '1e3', '0.0000000000000000001', '1'.repeat(40)),
  fee: bad(usage, '-1', '0x10', '1'.repeat(40)),
  percent: bad(usage, '-1', '100.01', 'abc', '1.234'),
  rating: bad(usage, '-1', '5.01', 'abc'),
  real: bad(usage, '-1', 'abc', 'nan', '1e300'),
  whole: wholeNumbers,
  account: bad(either, '0x12', `0x${'g'.repeat(40)}`, 'nobody-here', '0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266'),
  wallet: bad(either, 'nobody-here', '../gov', '0x12'),
  newWallet: bad(either, '../x', 'a/b', '.hidden', 'gov', 'x'.repeat(300)),
  id: [...ids, ...bad(either, 'gpu_0', '999999')],
  idFilter: ids,
  proofId: bad(either, 'nonsense', '-1', 'zz_1'),
  trailId: unnamed(bad(either, 'nonsense', '0x12', 'zz_1')),
  digest: bad(usage, '0x12', `0x${'g'.repeat(64)}`, 'abc'),
  hash: bad(refused, '0x12', 'abc', `0x${'g'.repeat(64)}`, `0x${'1'.repeat(64)}`),
  block: [...bad(usage, '-1', 'abc', '0x'), ...bad(refused, '999999999')],
  period: bad(usage, '-1h', 'abc', '1y', '0h', '99999999999999999999h'),
  file: unnamed(bad([1, 2, 5], '/dev/null/none', '/')),
  output: bad([5], '/dev/null/none'),
  word: unnamed(bad(either, 'nonsense')),  // one of a list that the chain has
  pair: bad(usage, 'nonsense', '=x'),
  node: bad(usage, 'nonsense', 'ftp://127.0.0.1'),
  // Longer than any transaction may be.
  written: unnamed(bad(either, 'x'.repeat(120_000))),
};

// The first that fits, by option and command.
const table = [
  ['free', /^--(wallet|ca-file)$/, /^ai-results$/],  // of use only when the result is elsewhere
  ['fee', /^--(max|priority)-fee$/],
  ['amount', /^--(amount|payment|price|price-max|price-min|price-per-hour|max-price|bond|contested|start-price|reserve-price)$/],
  ['percent', /^--(refund|customer)-percent$/],
  ['rating', /^--min-rating$/],
  ['real', /^--(hours|delivery-hours|listing-hours)$/],
  ['whole', /^(--capacity|--value|--memory-gb|--cuda-cores|nonce)$/],
  ['account', /^--wallet$/, /list$|my-listings|pending-bids|revenue|optimize|verify-provider|satisfaction|stake show/],
  ['wallet', /^(--wallet|--from)$/],
  ['newWallet', /^--name$/, /^(create|import)$/],
  ['wallet', /^--name$/, /^(balance|transactions)$/],
  ['account', /^(--account|--address|--creator|--customer|--provider|--to|--refund-to|account|address)$/],
  ['proofId', /^id$/, /^proof$/],
  ['trailId', /^--id$/, /audit$/],
  ['idFilter', /^--(gpu|gpu-id|service-id|target|first-gpu)$/, /list$|pending-bids|action transactions|sync$/],
  ['id', /^(--(gpu|gpu-id|service-id|booking-id|bid-id|job-id)|auction|bid|booking|dispute|gpu|id|job|offer|proposal|review|service|target)$/],
  ['id', /^subject$/, /review add/],
  ['word', /^(subject|role|model|--strategy|--kind|--status|--cursor)$/],
  ['word', /^--type$/, /create$|services update/],
  ['free', /^--(type|query)$/],
  ['free', /^--(model|region|category)$/, /list$/],
  ['free', /^--agent-id$/, /status|deallocate|metrics/],
  ['digest', /-digest$/],
  ['hash', /^(--tx-id|--transaction-id|hash)$/],
  ['block', /^block$/],
  ['period', /^--period$/],
  ['output', /^(--output|--directory|--folder)$/],
  ['output', /^file$/, /^provider init$/],
  ['file', /^(--config|--keystore|--mnemonic-file|--private-key-file|--result-file|--ca-file|--attestation|file)$/],
  ['pair', /^--(attribute|parameter|require)$/],
  ['node', /^--node$/],
  ['written', /^--(name|region|endpoint|sla|description|parameters|notes|comment|reason|title|category|capability|cuda-version|compute-capability|device-id|model|job|prompt|dataset|input-data|resolution|agent-id|evidence-uri|result-uri)$/],
];

function kindOf(command, option) {
  if (option.type === 'flag') return 'flag';
  if (option.values.length > 0) return 'word';
  if (option.type === 'float') return 'real';
  if (option.type === 'uint') return 'whole';
  const row = table.find(([, name, where]) => name.test(option.name) && (where === undefined || where.test(command)));
  if (!row) throw new Error(`what does ${option.name} of '${command}' mean?`);
  return row[0];
}

// Every command's every option has one; an option that many commands share has all of them at the first three, and one
// each at the others.
export class BadValues {
  seen = new Map();

  of(command, option) {
    const kind = kindOf(command, option);
    if (kind === 'flag') return [];
    const all = [...kinds[kind], ...bad(usage, '')];
    const key = `${option.name} ${kind}`;
    const times = this.seen.get(key) ?? 0;
    this.seen.set(key, times + 1);
    return times < 3 ? all : [all[times % all.length]];
  }
}
