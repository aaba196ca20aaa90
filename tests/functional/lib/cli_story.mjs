// A walk through the market in which every command of the command line succeeds once, on a devnet of its own.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Wallet } from 'ethers';
import { Devnet, keys, chainId, marketplace, waitFor } from './devnet.mjs';
import { Cli } from './provider.mjs';

const address = (index) => new Wallet(keys[index]).address;
const mnemonic = 'test test test test test test test test test test test junk';

// Commands run in order; each one's words are kept as an example of how it is used.
export class Story {
  examples = new Map();  // command -> words, as they succeeded

  static async begin() {
    const story = new Story();
    // The first account holds every role; the fourth is a governor, too, so that a proposal needs both.
    story.net = await Devnet.start({
      periodMs: 100,
      marketplace: {
        governors: [address(0), address(3)], arbitrators: [address(0)], moderators: [address(0)], coordinators: [address(3)],
        minDisputeBond: '1000000000000000', governanceDelay: 1, unbondingTime: 1,
      },
    });
    story.cli = new Cli(story.net.folder, story.net.url);
    story.cli.environment.AITBC_PASSWORD = 'not the development one';
    story.commands = story.cli.json('man').filter((each) => each.command !== '');
    return story;
  }

  end() { return this.net.stop(); }

  file(name, content) {
    const file = path.join(this.net.folder, name);
    if (content !== undefined) writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  // The command that the words name: `marketplace --action NAME` is `marketplace action NAME`.
  commandOf(words) {
    const plain = words.join(' ').replace(/^marketplace --action /, 'marketplace action ');
    return this.commands.map((each) => each.command).filter((each) => `${plain} `.startsWith(`${each} `))
      .sort((a, b) => b.length - a.length)[0];
  }

  // Runs `words` (split at spaces; "_" stands for none) and more words as they are; gives the JSON.
  does(words, ...more) {
    const all = [...words.split(' '), ...more];
    const done = this.cli.run('--format', 'json', ...all);
    assert.equal(done.status, 0, `aitbc ${all.join(' ')}\n${done.stdout}${done.stderr}`);
    const command = this.commandOf(all);
    if (!this.examples.has(command)) this.examples.set(command, all);
    return done.stdout.startsWith('{') || done.stdout.startsWith('[') ? JSON.parse(done.stdout) : done.stdout;
  }

  // The example of a command with one value in place of its own.
  exampleWith(command, option, value) {
    const words = [...this.examples.get(command)];
    if (option.positional) {
      words[command.split(' ').length] = value;
      return words;
    }
    const at = words.indexOf(option.name);
    if (at >= 0) words.splice(at, 2);
    return [...words, `${option.name}=${value}`];
  }

  address(wallet) { return this.cli.json('balance', '--name', wallet).address; }

  // An id of that kind in a command's answer.
  made(kind, words, ...more) {
    const answer = JSON.stringify(this.does(words, ...more));
    const found = new RegExp(`"(${kind}_\\d+)"`).exec(answer);
    assert.ok(found, `no ${kind}_ in ${answer}`);
    return found[1];
  }

  async tell() {
    this.wallets();
    this.providers();
    this.gpus();
    this.bookings();
    this.offers();
    this.services();
    this.jobs();
    await this.auctions();
    this.disputes();
    this.governance();
    this.signedOrders();
    this.reports();
    this.loads();
    this.programs();
  }

  wallets() {
    this.does(`import --name gov --private-key-file ${this.file('gov.key', keys[0])} --unlocked --light`);
    for (const [index, name] of [[1, 'provider'], [2, 'customer'], [3, 'coordinator']])
      this.does(`import --name ${name} --mnemonic-file ${this.file('words', mnemonic)} --index ${index} --unlocked --light`);
    this.does('create --name pauper --light');
    this.does('create --name rich --light');
    this.does('list');
    const sent = this.does('send --from gov --to rich --amount 50').tx_hash;
    assert.equal(this.does('balance --name rich').balance, '50');
    for (const words of ['tx', 'transaction status --tx-id', 'transaction verify --tx-id', 'transaction verify-propagation --tx-id',
      'marketplace --action debug --transaction-id']) this.does(`${words} ${sent}`);
    this.does('transactions --name rich --limit 5');
    this.does('block latest');
    this.does('chain');
    const typed = {
      types: { Note: [{ name: 'text', type: 'string' }] }, primaryType: 'Note', domain: { name: 'Test', chainId, verifyingContract: marketplace },
      message: { text: 'hello' },
    };
    this.does(`sign typed-data ${this.file('typed.json', JSON.stringify(typed))} --wallet gov --yes`);
  }

  providers() {
    this.does('marketplace providers register --wallet provider --name Nordic --region eu --endpoint https://gpus.example');
    this.does('marketplace providers update --wallet provider --name 2024 --region eu-north');
    this.does('stake add --wallet provider --amount 150');
    this.does('stake show --wallet provider');
    this.does('marketplace providers list');
    const details = this.does('marketplace providers details provider');
    assert.equal(details.name, '2024', 'a name of digits is no amount');
    assert.equal(details.staked, '150');
  }

  gpus() {
    const register = 'marketplace gpu register --wallet provider --memory-gb 80';
    this.gpu = this.made('gpu', `${register} --model A100 --price-per-hour 3.6`);
    this.second = this.made('gpu', `${register} --model H100 --price-per-hour 7.2`);
    const old = this.made('gpu', `${register} --model T4 --price-per-hour 1`);
    this.does(`marketplace gpu update ${old} --wallet provider --price-per-hour 0.9`);
    this.does(`marketplace gpu delist ${old} --wallet provider`);
    this.does(`marketplace gpu relist ${old} --wallet provider`);
    this.does(`marketplace gpu retire ${old} --wallet provider`);
    assert.equal(this.does('marketplace gpu list --available --memory-min 40').length, 2);
    this.does(`marketplace gpu details ${this.gpu}`);
    this.does('marketplace pricing A100');
    this.does(`marketplace --action pricing --gpu-id ${this.gpu} --strategy market-balance`);
  }

  bookings() {
    this.booking = this.made('bk', `marketplace gpu book ${this.gpu} --wallet customer --hours 1 --max-price 4`);
    this.does(`marketplace orders extend ${this.booking} --wallet customer --hours 0.5`);
    this.does(`marketplace gpu release ${this.gpu} --wallet customer`);
    const later = Math.floor(Date.now() / 1000) + 7200;
    const scheduled = this.made('bk', `marketplace gpu book ${this.gpu} --wallet customer --hours 1 --start ${later}`);
    this.does(`marketplace orders cancel ${scheduled} --wallet customer`);
    this.does('marketplace orders list --customer customer');
    this.does(`marketplace orders details ${this.booking}`);
    const review = this.made('rv', `marketplace review add ${this.booking} --wallet customer --rating 4 --comment`, 'as promised');
    this.does(`marketplace reviews ${this.gpu}`);
    this.does(`marketplace review hide ${review} --wallet gov --reason`, 'a test of hiding');
    const bid = this.made('bid', `marketplace bid submit ${this.gpu} --wallet customer --amount 3.6 --hours 1`);
    this.does(`marketplace bid details ${bid}`);
    this.does(`marketplace bid accept ${bid} --wallet provider`);
    this.does(`marketplace gpu release ${this.gpu} --wallet customer`);
    const other = this.made('bid', `marketplace bid submit ${this.gpu} --wallet customer --amount 1 --hours 1`);
    this.does(`marketplace bid list --target ${this.gpu}`);
    this.does(`marketplace bid withdraw ${other} --wallet customer`);
    this.does('resource allocate --agent-id trainer --memory 1000 --duration 600 --wallet customer');
    assert.equal(this.does('resource status --agent-id trainer').length, 1);
    this.does('resource deallocate --agent-id trainer --wallet customer');
    this.does('resource utilization --period 1h');
    this.does('resource test --memory 16');
  }

  offers() {
    const offer = this.made('off', 'marketplace offers create --wallet provider --price 2 --sla 99.9%');
    this.does('marketplace offers sync --provider provider --wallet gov');
    this.does('marketplace offers list --provider provider');
    this.does(`marketplace offers details ${offer}`);
    this.does(`marketplace offers close ${offer} --wallet provider`);
  }

  services() {
    const create = 'marketplace --action create --wallet provider --name inference --type ai-inference --price';
    this.service = this.made('svc', `${create} 10`);
    const other = this.made('svc', `${create} 11`);
    this.does(`marketplace services update ${other} --wallet provider --name inference --type ai-inference --price 12`);
    this.does(`marketplace services close ${other} --wallet provider`);
    for (const words of ['list', 'search --query inference', 'my-listings --wallet provider']) this.does(`marketplace --action ${words}`);
    this.does('marketplace services list --provider provider');
    this.does(`marketplace services details ${this.service}`);
    const bid = this.made('bid', `marketplace --action bid --service-id ${this.service} --amount 9 --wallet customer`);
    assert.equal(this.does(`marketplace --action pending-bids --service-id ${this.service}`).length, 1);
    this.does(`marketplace --action accept-bid --service-id ${this.service} --bid-id ${bid} --wallet provider`);
    this.does(`marketplace services deliver ${this.service} --wallet provider --result-uri https://gpus.example/result`);
    assert.equal(this.does(`marketplace --action settle-payment --service-id ${this.service} --amount 9 --wallet customer`).state, 'settled');
    const due = this.made('svc', `${create} 1`);
    const paid = this.made('bid', `marketplace --action bid --service-id ${due} --amount 1 --wallet customer`);
    this.does(`marketplace bid accept ${paid} --wallet provider`);
    this.does(`marketplace services deliver ${due} --wallet provider`);
    this.does(`marketplace settle ${due} --wallet customer`);
    this.open = this.made('svc', `${create} 5`);
  }

  jobs() {
    const submit = `ai-submit --wallet customer --type inference --payment 1 --service-id ${this.open} --prompt hello`;
    const job = this.made('job', submit);
    this.does(`jobs start ${job} --wallet provider`);
    this.does(`jobs complete ${job} --wallet provider --result-file ${this.file('result', 'an answer')} --units 7`);
    assert.equal(this.does(`ai-results --job-id ${job}`).result, 'an answer');
    this.does(`ai-status --job-id ${job}`);
    this.does(`jobs details ${job}`);
    const failing = this.made('job', submit);
    this.does(`jobs start ${failing} --wallet provider`);
    this.does(`jobs fail ${failing} --wallet provider --reason`, 'out of memory');
    this.does(`jobs cancel ${this.made('job', submit)} --wallet customer`);
    this.does('jobs list --customer customer');
    this.does('ai-metrics --period 1h');
    this.job = job;
  }

  async auctions() {
    const create = `auction create --wallet provider --gpu-id ${this.gpu} --hours 0.01`;
    this.does('auction types');
    const dutch = this.made('auc', `${create} --type dutch --title falling --start-price 3 --reserve-price 1 --parameter decrementInterval=1`);
    this.does(`auction bid ${dutch} --wallet customer --amount 3`);
    assert.equal(this.does(`auction show ${dutch}`).state, 'sold');
    const english = this.made('auc', `auction create --wallet provider --category ai-inference --type english --title rising --hours 1 --start-price 1`);
    this.does(`auction bid ${english} --wallet customer --amount 2`);
    this.does(`auction bid ${english} --wallet gov --amount 4`);
    const procurement = this.made('auc', 'auction create --wallet customer --type procurement --title wanted --hours 1 --category ai-training --start-price 5 --parameter maxPrice=6 --parameter collateral=1');
    this.does(`auction bid ${procurement} --wallet provider --amount 1`);
    const sealed = this.made('auc', 'auction create --wallet provider --type sealed --title secret --hours 1 --category ai-inference --reserve-price 1 --parameter bond=1 --parameter commitTime=3 --parameter revealTime=30');
    this.does(`auction bid ${sealed} --wallet customer --amount 5`);
    this.does(`auction bid ${sealed} --wallet gov --amount 4`);
    await waitFor('the time to reveal', () => this.cli.run('auction', 'reveal', sealed, '--wallet', 'gov').status === 0);
    this.does(`auction reveal ${sealed} --wallet customer`);
    this.does(`auction cancel ${this.made('auc', 'auction create --wallet provider --type english --title none --hours 1 --category ai-inference')} --wallet provider`);
    assert.equal(this.does('auction list --type english').length, 2);
  }

  disputes() {
    const booking = this.made('bk', `marketplace gpu book ${this.second} --wallet customer --hours 1`);
    const dispute = this.made('dsp', `dispute open booking ${booking} --wallet customer --bond 0.5`);
    this.does(`dispute vote ${dispute} --wallet gov --customer-percent 60`);
    const service = this.made('svc', 'marketplace --action create --wallet provider --name slow --type data-processing --price 3');
    const bid = this.made('bid', `marketplace --action bid --service-id ${service} --amount 3 --wallet customer`);
    this.does(`marketplace bid accept ${bid} --wallet provider`);
    this.does(`dispute open service ${service} --wallet customer --bond 0.5`);
    assert.equal(this.does('dispute list --customer customer').length, 2);
    this.does(`dispute show ${dispute}`);
  }

  governance() {
    this.does('governance params');
    this.does('governance roles');
    const proposal = this.made('prop', 'governance propose takeBps --value 300 --wallet gov');
    this.does(`governance approve ${proposal} --wallet coordinator`);
    this.does('governance propose-member moderators --account customer --wallet gov');
    assert.equal(this.does('governance list').length, 2);
    this.does(`governance show ${proposal}`);
    this.does('validator list');
    this.does('validator votes');
  }

  signedOrders() {
    const booking = this.file('booking.json'), offer = this.file('offer.json');
    this.does(`signed-order booking --wallet customer --gpu ${this.second} --price 8 --hours 0.01 --output ${booking}`);
    this.does(`signed-order offer --wallet provider --gpu ${this.gpu} --price 3 --hours 0.01 --output ${offer}`);
    this.does(`signed-order show ${booking}`);
    this.does(`signed-order fill ${booking} --wallet gov`);
    const { nonce } = JSON.parse(readFileSync(offer, 'utf8')).order;
    this.does(`signed-order cancel ${nonce} --wallet provider`);
  }

  reports() {
    for (const id of [this.gpu, this.booking, this.service]) this.does(`proof ${id}`);
    for (const words of ['revenue --wallet provider', 'volume', 'transactions', 'optimize --wallet provider', 'audit', 'compliance-check',
      'regulatory-audit', 'financial-audit', 'payment-verify', 'reconcile', `verify-settlement --booking-id ${this.booking}`,
      'verify-provider --wallet provider', `quality-metrics --service-id ${this.service}`, 'satisfaction --wallet customer',
      `privacy-audit --service-id ${this.service}`, 'performance-metrics', 'latency-metrics', 'capacity-metrics', 'cross-node-stats',
      'connectivity-test', 'health-check', 'integrity-check --blocks 20']) this.does(`marketplace --action ${words}`);
    this.does('marketplace stats');
  }

  loads() {
    this.does('marketplace --action stress-test --transactions 5 --concurrent 2 --wallet gov');
    this.does('marketplace --action throughput-test --duration 1 --transactions-per-second 5 --wallet gov');
    this.does('marketplace --action ai-throughput-test --duration 1 --jobs-per-minute 60 --payment 0.01 --wallet gov');
    this.does('stake claim --wallet provider');
    this.does('stake remove --wallet provider --amount 10');
  }

  programs() {
    this.does('man');
    this.does('completion bash');
    this.does(`provider init ${this.file('example.toml')}`);
    const provider = this.file('provider.toml', `
[provider]
wallet = "provider"
name = "Nordic"
state-folder = "state"
[gpus]
detect = false
[[gpu]]
device-id = "rack-1"
model = "A100"
memory-gb = 80
price-per-hour = "1"
[job]
command = ["true"]
`);
    this.does(`provider check --config ${provider}`);
    const notify = this.file('notify.toml', `
[notify]
state-folder = "notify-state"
[[channel]]
name = "ops"
type = "slack"
url = "https://127.0.0.1:9/hook"
`);
    this.does(`notify --once --config ${notify}`);
    // These go on, or change who makes blocks; tests of their own run them.
    for (const name of ['run', 'status']) this.examples.set(`provider ${name}`, ['provider', name, '--config', provider]);
    const stranger = '0x00000000000000000000000000000000000000aa';
    this.examples.set('validator propose', ['validator', 'propose', stranger]);
    this.examples.set('validator discard', ['validator', 'discard', stranger]);
  }
}
