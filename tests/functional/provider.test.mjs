// A provider's agent with a declared GPU, a customer with nothing but the command line and another with nothing but
// ethers: register, bid, accept, job, result, settle, review, revenue; and in the end the sums agree with the chain.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { JsonRpcProvider, Wallet, Contract, NonceManager, parseEther, keccak256, getBytes, toUtf8String } from 'ethers';
import { Devnet, keys, chainId, marketplace, waitFor } from './lib/devnet.mjs';
import { Agent, Cli, freePort, httpsGet, jobScript, makeCertificate, serveFolder } from './lib/provider.mjs';

const abi = JSON.parse(readFileSync(path.join(process.env.AITBC_SOURCE, 'docs/abi/IMarketplace.json'), 'utf8'));
const takeBps = 250n;  // of the devnet's genesis

const coordinators = [Wallet.createRandom(), Wallet.createRandom()];

let net, cli, agent, certificate, provider, customer, market, server;
before(async () => {
  net = await Devnet.start({ periodMs: 300, marketplace: { coordinators: coordinators.map((each) => each.address) } });
  cli = new Cli(net.folder, net.url);
  cli.importWallet('provider', keys[2]);
  cli.importWallet('customer', keys[1]);
  coordinators.forEach((each, index) => cli.importWallet(`coordinator-${index}`, each.privateKey));
  certificate = makeCertificate(net.folder);
  server = await serveFolder(path.join(net.folder, 'served'), certificate);
  const port = await freePort();
  const command = jobScript(net.folder, `
echo "$AITBC_JOB_ID" >> "${net.folder}/runs"
case "$AITBC_JOB_TYPE" in
  large) head -c 100000 /dev/zero | tr '\\0' 'x' ;;
  slow) sleep 4; echo slept ;;
  broken) exit 3 ;;
  environment) env ;;
  *) tr a-z A-Z ;;
esac`);
  agent = new Agent(cli, path.join(net.folder, 'provider'), `
[provider]
wallet = "provider"
name = "Nordic GPUs"
region = "eu-north"
state-folder = "state"
stake = "100"
poll-interval = 0.1
[gpus]
detect = false
[[gpu]]
device-id = "rack-7"
model = "RTX 4090"
memory-gb = 24
price-per-hour = "36"
[[service]]
name = "Llama 3 inference"
type = "ai-inference"
price = "10"
min-bid = "8"
[policy]
allowed-types = ["inference", "large", "slow", "broken", "environment"]
max-concurrent-jobs = 2
[job]
command = ["${command}"]
timeout = 20
memory-mb = 512
environment = { GREETING = "hello" }
[results]
listen = "127.0.0.1:${port}"
certificate = "${certificate.certificate}"
key = "${certificate.key}"
public-url = "https://127.0.0.1:${port}"
[receipts]
folder = "${net.folder}/attestations"
urls = ["https://127.0.0.1:${server.address().port}/attestations/"]
ca-file = "${certificate.certificate}"
`);
  provider = new JsonRpcProvider(net.url, undefined, { pollingInterval: 50, cacheTimeout: -1 });
  customer = new Wallet(keys[3], provider);
  market = new Contract(marketplace, abi, new NonceManager(customer));
  agent.start();
  await agent.logged('offering a service');
});
after(async () => {
  await agent?.kill('SIGTERM');
  provider?.destroy();
  server?.close();
  await net?.stop();
});

const send = async (sent) => (await sent).wait(1, 30_000);
function eventOf(receipt, name) {
  for (const log of receipt.logs) {
    const parsed = market.interface.parseLog(log);
    if (parsed?.name === name) return parsed.args;
  }
  throw new Error(`no ${name} in the receipt`);
}
const ask = async (method, params) => (await net.post({ jsonrpc: '2.0', id: 1, method, params })).result;
const openServices = async () => (await ask('market_listServices', { state: 'open' })).items;
const job = async (id) => net.rpc('market_getJob', id);
const closed = async (id) => waitFor(`the end of ${id}`, async () => {
  const now = await job(id);
  return now.state !== 'queued' && now.state !== 'running' && now;
}, 60_000).catch((error) => { throw new Error(`${error.message}\n${agent.log}`); });
const submit = async (spec, payment, kind, target) => {
  const full = { type: 'inference', prompt: '', inputDigest: '0x' + '00'.repeat(32), inputUri: '', model: '', requirements: '', ...spec };
  const receipt = await send(market.submitJob(full, payment, kind, target, 0));
  return `job_${eventOf(receipt, 'JobSubmitted').jobId}`;
};
const runsOf = (id) => readFileSync(path.join(net.folder, 'runs'), 'utf8').split('\n').filter((line) => line === id).length;

test('the agent registers the provider, its stake and its GPU, and its heartbeats arrive', async () => {
  const known = await waitFor('a heartbeat', async () => {
    const answer = await net.rpc('market_getProvider', new Wallet(keys[2]).address);
    return answer.liveness.watched && answer;
  });
  assert.equal(known.name, 'Nordic GPUs');
  assert.equal(BigInt(known.staked), parseEther('100'));
  const [gpu] = cli.json('marketplace', 'gpu', 'list');
  assert.equal(gpu.status, 'available');
  const status = agent.status();
  assert.equal(status.state, 'running');
  assert.equal(status.gpus[0].gpu_id, 'gpu_1');
});

test('command line only: bid, accept, job, result, settle, review', async () => {
  const bid = cli.json('marketplace', 'bid', 'submit', 'svc_1', '--amount', '9', '--wallet', 'customer');
  await waitFor('the acceptance', () => cli.json('marketplace', 'bid', 'details', bid.bid_id).status === 'accepted');
  const submitted = cli.json('ai-submit', '--wallet', 'customer', '--type', 'inference', '--prompt', 'what is a gpu?',
    '--payment', '2', '--service-id', 'svc_1');
  await waitFor('the job', () => cli.json('ai-status', '--job-id', submitted.job_id).status === 'completed');
  const result = cli.json('ai-results', '--job-id', submitted.job_id);
  assert.equal(result.result, 'WHAT IS A GPU?');
  assert.equal(result.digest_matches, true);
  await waitFor('the delivery', async () => (await net.rpc('market_getService', 'svc_1')).state === 'delivered');
  const settled = cli.json('marketplace', '--action', 'settle-payment', '--service-id', 'svc_1', '--wallet', 'customer');
  assert.equal(settled.state, 'settled');
  assert.equal(cli.json('marketplace', 'review', 'add', 'svc_1', '--rating', '5', '--comment', 'right and quick', '--wallet', 'customer').rating, 5);
  assert.equal((await openServices()).length, 1, 'the service is offered again');
});

test('a bid below the policy stays open', async () => {
  const open = (await openServices())[0].id;
  const bid = cli.json('marketplace', 'bid', 'submit', open, '--amount', '7.9', '--wallet', 'customer');
  await agent.logged(`"bid":"${bid.bid_id}"`);
  assert.equal(cli.json('marketplace', 'bid', 'details', bid.bid_id).status, 'open');
  cli.json('marketplace', 'bid', 'withdraw', bid.bid_id, '--wallet', 'customer');
});

let booking;
test('ethers only: bid for the GPU, job on the booking, large result over HTTPS for its customer', async () => {
  const placed = eventOf(await send(market.placeBid(0, 1, parseEther('0.3'), 1, 30, 'thirty seconds', 0)), 'BidPlaced');
  booking = await waitFor('the booking', async () => {
    const bid = await market.getBid(placed.bidId);
    return bid.bid.bookingId > 0n && bid.bid.bookingId;
  });
  const id = await submit({ type: 'large', prompt: 'x' }, parseEther('1'), 2, booking);
  const done = await closed(id);
  assert.equal(done.state, 'completed');
  assert.equal(done.result.inlineData, '0x');
  const ca = readFileSync(certificate.certificate);
  const expires = Math.floor(Date.now() / 1000) + 300;
  const signature = await customer.signTypedData(
    { name: 'AITBC results', version: '1', chainId, verifyingContract: marketplace },
    { ResultAccess: [{ name: 'jobId', type: 'uint64' }, { name: 'expires', type: 'uint64' }] },
    { jobId: BigInt(id.slice(4)), expires });
  const fetched = await httpsGet(`${done.result.uri}?expires=${expires}&signature=${signature}`, ca);
  assert.equal(fetched.status, 200);
  assert.equal(fetched.body.length, 100_000);
  assert.equal(keccak256(fetched.body), done.result.digest);
  assert.equal((await httpsGet(done.result.uri, ca)).status, 401);
  assert.equal((await httpsGet(`${done.result.uri}?expires=${expires + 1}&signature=${signature}`, ca)).status, 403);
  assert.equal((await httpsGet(`${done.result.uri}9?expires=${expires}&signature=${signature}`, ca)).status, 404);
  // The command line of another customer is not let in either.
  const refused = cli.run('ai-results', '--job-id', id, '--wallet', 'customer', '--ca-file', certificate.certificate);
  assert.equal(refused.status, 1, refused.stdout);
  assert.match(refused.stderr, /only the job's customer/);
  const distrusted = cli.run('ai-results', '--job-id', id, '--wallet', 'customer');
  assert.equal(distrusted.status, 3);
  assert.match(distrusted.stderr, /certificate/);

  const own = cli.json('ai-submit', '--wallet', 'customer', '--type', 'large', '--prompt', 'x', '--payment', '12',
    '--service-id', (await openServices())[0].id).job_id;
  await closed(own);
  const file = path.join(net.folder, 'large-result');
  const known = cli.json('ai-results', '--job-id', own, '--wallet', 'customer', '--ca-file', certificate.certificate, '--output', file);
  assert.equal(known.digest_matches, true);
  assert.equal(readFileSync(file, 'utf8'), 'x'.repeat(100_000));
  writeFileSync(path.join(agent.folder, 'state/jobs', own, 'output'), 'something else');
  const changed = cli.run('ai-results', '--job-id', own, '--wallet', 'customer', '--ca-file', certificate.certificate, '--output', `${file}-2`);
  assert.equal(changed.status, 1);
  assert.match(changed.stderr, /its digest differs/);
  assert.ok(!existsSync(`${file}-2`));
});

test('coordinators attest completed jobs, and the agent claims their receipts once a majority did', async () => {
  const attest = (index, folder, ...more) =>
    cli.run('coordinator', 'attest', '--wallet', `coordinator-${index}`, '--folder', path.join(net.folder, folder), ...more);
  assert.match(cli.run('coordinator', 'attest', '--wallet', 'customer', '--folder', path.join(net.folder, 'other')).stderr, /no coordinator/);
  const first = attest(0, 'attestations/first');
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stdout, /^Attested: job_1$/m);
  // The other one's signature of something else, where the agent looks first.
  const forged = JSON.parse(readFileSync(path.join(net.folder, 'attestations/first/job_1.json'), 'utf8'));
  forged.coordinator = coordinators[1].address;
  mkdirSync(path.join(net.folder, 'attestations/second'), { recursive: true });
  writeFileSync(path.join(net.folder, 'attestations/second/job_1.json'), JSON.stringify(forged));
  await agent.logged('left an attestation');
  assert.equal((await job('job_1')).minted, '0');
  assert.equal(attest(1, 'served/attestations', 'job_1').status, 0);
  const claimed = await waitFor('the claim', async () => {
    const now = await job('job_1');
    return now.minted !== '0' && now;
  }, 60_000);
  const { mintPerUnit, coordinatorBps } = await net.rpc('market_getParams');
  const minted = BigInt(claimed.result.units) * BigInt(mintPerUnit);
  assert.equal(BigInt(claimed.minted), minted);
  const shared = await Promise.all(coordinators.map((each) => provider.getBalance(each.address)));
  assert.equal(shared[0] + shared[1], minted * BigInt(coordinatorBps) / 10_000n);
  const again = cli.run('jobs', 'claim', 'job_1', '--wallet', 'provider', '--attestation', path.join(net.folder, 'attestations/first/job_1.json'));
  assert.equal(again.status, 1);
  assert.match(again.stderr, /claimed before/);
  assert.equal(attest(1, 'served/attestations', 'job_1').status, 1, 'there is nothing left to attest');
  await waitFor('its note', () => agent.status().receipts_claimed === 1);
});

test('the command sees what it was given and nothing else', async () => {
  const done = await closed(await submit({ type: 'environment', prompt: 'x', model: 'llama' }, parseEther('1'), 2, booking));
  const lines = toUtf8String(getBytes(done.result.inlineData)).trim().split('\n');
  const names = lines.map((line) => line.split('=')[0]).filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)).sort();
  assert.deepEqual(names, ['AITBC_GPU', 'AITBC_JOB_CUSTOMER', 'AITBC_JOB_ID', 'AITBC_JOB_INPUT_URI', 'AITBC_JOB_MODEL',
    'AITBC_JOB_REQUIREMENTS', 'AITBC_JOB_TYPE', 'GREETING', 'HOME', 'LANG', 'PATH', 'TMPDIR'].sort());
  assert.ok(lines.includes('AITBC_GPU=rack-7') && lines.includes('AITBC_JOB_MODEL=llama'));
});

test('what fails or is not allowed is refunded with the reason', async () => {
  const broken = await closed(await submit({ type: 'broken', prompt: 'x' }, parseEther('1'), 2, booking));
  assert.equal(broken.state, 'failed');
  assert.equal(broken.failure, 'the command ended with status 3');
  assert.equal(BigInt(broken.refund), parseEther('1'));
  const other = await closed(await submit({ type: 'mining', prompt: 'x' }, parseEther('1'), 2, booking));
  assert.equal(other.state, 'failed');
  assert.match(other.failure, /does not run jobs of type 'mining'/);
});

test('killed with kill -9 while a job runs, and again after it: run once, posted once', async () => {
  const open = (await openServices())[0].id;
  const id = await submit({ type: 'slow', prompt: 'x' }, parseEther('10'), 1, Number(open.slice(4)));
  await waitFor('the run', () => existsSync(path.join(net.folder, 'runs')) && runsOf(id) === 1, 30_000);
  await agent.kill('SIGKILL');
  assert.equal(agent.status().state, 'stopped');
  agent.start();
  await agent.logged('found a job still running');
  await agent.kill('SIGKILL');
  const outcome = path.join(agent.folder, 'state/jobs', id, 'outcome.json');
  await waitFor('the end of the run without an agent', () => existsSync(outcome), 30_000);
  assert.equal((await job(id)).state, 'running');
  agent.start();
  const done = await closed(id);
  assert.equal(done.state, 'completed');
  assert.equal(toUtf8String(getBytes(done.result.inlineData)), 'slept\n');
  assert.equal(runsOf(id), 1);
});

test('killed with kill -9 between the posting of a result and the note of it: neither run nor posted again', async () => {
  const account = new Wallet(keys[2]).address;
  const isWaiting = async () =>
    await provider.getTransactionCount(account, 'pending') > await provider.getTransactionCount(account, 'latest');
  const services = (await openServices()).length;
  // Killed when the job's end is in the pool and in no block yet, which takes a few tries to see.
  let id, hit = false;
  for (let round = 0; round < 8 && !hit; ++round) {
    id = await submit({ type: 'inference', prompt: 'again?' }, parseEther('1'), 2, booking);
    await agent.logged(`"message":"a job is done","job":"${id}"`);
    hit = await isWaiting();
    if (!hit) continue;
    await agent.kill('SIGKILL');
    hit = !existsSync(path.join(agent.folder, 'state/jobs', id, 'closed.json'));
    if (!hit) agent.start();
  }
  assert.ok(hit, 'killed in time');
  assert.equal((await closed(id)).state, 'completed');
  agent.start();
  await waitFor('the note', () => existsSync(path.join(agent.folder, 'state/jobs', id, 'closed.json')), 30_000);
  assert.equal(runsOf(id), 1);
  assert.equal((await openServices()).length, services);
  const ends = await market.queryFilter(market.filters.JobClosed(Number(id.slice(4))));
  assert.equal(ends.length, 1);
});

test('a second agent with the same state is refused, and SIGUSR1 finishes what was begun', async () => {
  const second = cli.run('provider', 'run', '--config', agent.config);
  assert.equal(second.status, 1);
  assert.match(second.stderr, /another agent/);
  const open = (await openServices())[0].id;
  const id = await submit({ type: 'slow', prompt: 'x' }, parseEther('10'), 1, Number(open.slice(4)));
  await waitFor('the run', () => runsOf(id) === 1, 30_000);
  agent.process.kill('SIGUSR1');
  assert.equal((await agent.exited).code, 0);
  assert.equal((await job(id)).state, 'completed');
  agent.start();
  await agent.logged('on the market');
});

test('the customer reviews the booking when it is over, and the sums agree with the chain', async () => {
  await waitFor('the end of the booking', async () => (await market.getBooking(booking)).state !== 1n, 60_000);
  await send(market.addReview(0, booking, 4, 'all thirty seconds'));
  const account = new Wallet(keys[2]).address;
  // What the provider was paid, by the events alone.
  let paid = 0n, fees = 0n, minted = 0n;
  const receipts = [];
  for (const log of await provider.getLogs({ address: marketplace, fromBlock: 0 })) {
    const event = market.interface.parseLog(log);
    if (event.name === 'ReceiptClaimed') {
      receipts.push(event.args.jobId);
      minted += event.args.minted - event.args.toCoordinators;
    }
    if (!['ServiceClosed', 'BookingClosed', 'JobClosed'].includes(event.name)) continue;
    paid += event.args.paid;
    fees += event.args.fee;
  }
  assert.ok(paid > 0n);
  // The devnet's account began with a million; what it has now is that, less gas and stake, and what it was paid.
  let gas = 0n;
  const head = await provider.getBlockNumber();
  for (let height = 1; height <= head; ++height) {
    for (const receipt of await net.rpc('eth_getBlockReceipts', '0x' + height.toString(16)))
      if (receipt.from.toLowerCase() === account.toLowerCase()) gas += BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice);
  }
  const balance = await provider.getBalance(account, head);
  assert.deepEqual(receipts, [1n], 'claimed once, restarts and all');
  assert.equal(balance, parseEther('1000000') - parseEther('100') - gas + paid + minted);
  const report = await ask('market_getRevenue', { provider: account, period: '24h' });
  assert.equal(BigInt(report.paid), paid);
  assert.equal(BigInt(report.fee), fees);
  const shown = cli.json('marketplace', '--action', 'revenue', '--wallet', 'provider');
  assert.equal(parseEther(shown.revenue), paid);
  assert.equal(parseEther(shown.market_fee), fees);
  const totals = await market.getTotals();
  assert.equal(await provider.getBalance(marketplace), totals.held);
  assert.ok(fees <= (paid + fees) * takeBps / 10_000n + 10n);
});

test('keys and passwords are in no log and no file of the agent', async () => {
  const secret = keys[2].slice(2);
  assert.ok(!agent.log.includes(secret) && !net.log.includes(secret));
  const { execFileSync } = await import('node:child_process');
  const found = execFileSync('sh', ['-c', `grep -rl "${secret}" "${agent.folder}" || true`], { encoding: 'utf8' });
  assert.equal(found, '');
});

test('settings that are wrong are refused with file, line and name', () => {
  const file = path.join(net.folder, 'wrong.toml');
  const good = readFileSync(agent.config, 'utf8');
  const expect = (text, message) => {
    writeFileSync(file, text);
    const done = cli.run('provider', 'check', '--config', file);
    assert.equal(done.status, 2, done.stdout + done.stderr);
    assert.match(done.stderr, message);
  };
  expect(good.replace('max-concurrent-jobs = 2', 'max-concurrent-jobs = 0'), /wrong\.toml:\d+: policy\.max-concurrent-jobs: takes a whole number from 1 to 256/);
  expect(good.replace('price-per-hour', 'price-per-our'), /wrong\.toml:1[0-9]: /);
  expect(good.replace('[job]', '[job'), /wrong\.toml:\d+: /);
});
