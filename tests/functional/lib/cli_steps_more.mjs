// More steps of the command line's story: auctions, disputes, governance, signed orders, reports, load tests, programs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { waitFor } from './devnet.mjs';

export async function auctions(story) {
  const create = `auction create --wallet provider --gpu-id ${story.gpu} --hours 0.01`;
  story.does('auction types');
  const dutch = story.made('auc', `${create} --type dutch --title falling --start-price 3 --reserve-price 1 --parameter decrementInterval=1`);
  story.does(`auction bid ${dutch} --wallet customer --amount 3`);
  assert.equal(story.does(`auction show ${dutch}`).state, 'sold');
  const english = story.made('auc', `auction create --wallet provider --category ai-inference --type english --title rising --hours 1 --start-price 1`);
  story.does(`auction bid ${english} --wallet customer --amount 2`);
  story.does(`auction bid ${english} --wallet gov --amount 4`);
  const procurement = story.made('auc', 'auction create --wallet customer --type procurement --title wanted --hours 1 --category ai-training --start-price 5 --parameter maxPrice=6 --parameter collateral=1');
  story.does(`auction bid ${procurement} --wallet provider --amount 1`);
  const sealed = story.made('auc', 'auction create --wallet provider --type sealed --title secret --hours 1 --category ai-inference --reserve-price 1 --parameter bond=1 --parameter commitTime=3 --parameter revealTime=30');
  story.does(`auction bid ${sealed} --wallet customer --amount 5`);
  story.does(`auction bid ${sealed} --wallet gov --amount 4`);
  await waitFor('the time to reveal', () => story.cli.run('auction', 'reveal', sealed, '--wallet', 'gov').status === 0);
  story.does(`auction reveal ${sealed} --wallet customer`);
  story.does(`auction cancel ${story.made('auc', 'auction create --wallet provider --type english --title none --hours 1 --category ai-inference')} --wallet provider`);
  assert.equal(story.does('auction list --type english').length, 2);
}

export function disputes(story) {
  const booking = story.made('bk', `marketplace gpu book ${story.second} --wallet customer --hours 1`);
  const dispute = story.made('dsp', `dispute open booking ${booking} --wallet customer --bond 0.5`);
  story.does(`dispute vote ${dispute} --wallet gov --customer-percent 60`);
  const service = story.made('svc', 'marketplace --action create --wallet provider --name slow --type data-processing --price 3');
  const bid = story.made('bid', `marketplace --action bid --service-id ${service} --amount 3 --wallet customer`);
  story.does(`marketplace bid accept ${bid} --wallet provider`);
  story.does(`dispute open service ${service} --wallet customer --bond 0.5`);
  assert.equal(story.does('dispute list --customer customer').length, 2);
  story.does(`dispute show ${dispute}`);
}

export function governance(story) {
  story.does('governance params');
  story.does('governance roles');
  const proposal = story.made('prop', 'governance propose takeBps --value 300 --wallet gov');
  story.does(`governance approve ${proposal} --wallet coordinator`);
  story.does('governance propose-member moderators --account customer --wallet gov');
  assert.equal(story.does('governance list').length, 2);
  story.does(`governance show ${proposal}`);
  story.does('validator list');
  story.does('validator votes');
}

export function signedOrders(story) {
  const booking = story.file('booking.json'), offer = story.file('offer.json');
  story.does(`signed-order booking --wallet customer --gpu ${story.second} --price 8 --hours 0.01 --output ${booking}`);
  story.does(`signed-order offer --wallet provider --gpu ${story.gpu} --price 3 --hours 0.01 --output ${offer}`);
  story.does(`signed-order show ${booking}`);
  story.does(`signed-order fill ${booking} --wallet gov`);
  const { nonce } = JSON.parse(readFileSync(offer, 'utf8')).order;
  story.does(`signed-order cancel ${nonce} --wallet provider`);
}

export function reports(story) {
  for (const id of [story.gpu, story.booking, story.service]) story.does(`proof ${id}`);
  for (const words of ['revenue --wallet provider', 'volume', 'transactions', 'optimize --wallet provider', 'audit', 'compliance-check',
    'regulatory-audit', 'financial-audit', 'payment-verify', 'reconcile', `verify-settlement --booking-id ${story.booking}`,
    'verify-provider --wallet provider', `quality-metrics --service-id ${story.service}`, 'satisfaction --wallet customer',
    `privacy-audit --service-id ${story.service}`, 'performance-metrics', 'latency-metrics', 'capacity-metrics', 'cross-node-stats',
    'connectivity-test', 'health-check', 'integrity-check --blocks 20']) story.does(`marketplace --action ${words}`);
  story.does('marketplace stats');
}

export function loads(story) {
  story.does('marketplace --action stress-test --transactions 5 --concurrent 2 --wallet gov');
  story.does('marketplace --action throughput-test --duration 1 --transactions-per-second 5 --wallet gov');
  story.does('marketplace --action ai-throughput-test --duration 1 --jobs-per-minute 60 --payment 0.01 --wallet gov');
  story.does('stake claim --wallet provider');
  story.does('stake remove --wallet provider --amount 10');
}

export function programs(story) {
  story.does('man');
  story.does(`man --directory ${story.file('man')}`);
  story.does('completion bash');
  story.does(`provider init ${story.file('example.toml')}`);
  const provider = story.file('provider.toml', `
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
  story.does(`provider check --config ${provider}`);
  const notify = story.file('notify.toml', `
[notify]
state-folder = "notify-state"
[[channel]]
name = "ops"
type = "slack"
url = "https://127.0.0.1:9/hook"
`);
  story.does(`notify --once --config ${notify}`);
  // These go on, or change who makes blocks; tests of their own run them.
  for (const name of ['run', 'status']) story.examples.set(`provider ${name}`, ['provider', name, '--config', provider]);
  const stranger = '0x00000000000000000000000000000000000000aa';
  story.examples.set('validator propose', ['validator', 'propose', stranger]);
  story.examples.set('validator discard', ['validator', 'discard', stranger]);
}
