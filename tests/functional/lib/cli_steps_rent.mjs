// The steps of the command line's story: wallets, a provider's GPUs, bookings, offers, services, jobs.
import assert from 'node:assert/strict';
import { chainId, keys, marketplace } from './devnet.mjs';

const mnemonic = 'test test test test test test test test test test test junk';

export function wallets(story) {
  story.does(`import --name gov --private-key-file ${story.file('gov.key', keys[0])} --unlocked --light`);
  for (const [index, name] of [[1, 'provider'], [2, 'customer'], [3, 'coordinator']])
    story.does(`import --name ${name} --mnemonic-file ${story.file('words', mnemonic)} --index ${index} --unlocked --light`);
  story.does('create --name pauper --light');
  story.does('create --name rich --light');
  story.does('list');
  const sent = story.does('send --from gov --to rich --amount 50').tx_hash;
  assert.equal(story.does('balance --name rich').balance, '50');
  for (const words of ['tx', 'transaction status --tx-id', 'transaction verify --tx-id', 'transaction verify-propagation --tx-id',
    'marketplace --action debug --transaction-id']) story.does(`${words} ${sent}`);
  story.does('transactions --name rich --limit 5');
  story.does('block latest');
  story.does('chain');
  const typed = {
    types: { Note: [{ name: 'text', type: 'string' }] }, primaryType: 'Note', domain: { name: 'Test', chainId, verifyingContract: marketplace },
    message: { text: 'hello' },
  };
  story.does(`sign typed-data ${story.file('typed.json', JSON.stringify(typed))} --wallet gov --yes`);
}

export function providers(story) {
  story.does('marketplace providers register --wallet provider --name Nordic --region eu --endpoint https://gpus.example');
  story.does('marketplace providers update --wallet provider --name 2024 --region eu-north');
  story.does('stake add --wallet provider --amount 150');
  story.does('stake show --wallet provider');
  story.does('marketplace providers list');
  const details = story.does('marketplace providers details provider');
  assert.equal(details.name, '2024', 'a name of digits is no amount');
  assert.equal(details.staked, '150');
}

export function gpus(story) {
  const register = 'marketplace gpu register --wallet provider --memory-gb 80';
  story.gpu = story.made('gpu', `${register} --model A100 --price-per-hour 3.6`);
  story.second = story.made('gpu', `${register} --model H100 --price-per-hour 7.2`);
  const old = story.made('gpu', `${register} --model T4 --price-per-hour 1`);
  story.does(`marketplace gpu update ${old} --wallet provider --price-per-hour 0.9`);
  story.does(`marketplace gpu delist ${old} --wallet provider`);
  story.does(`marketplace gpu relist ${old} --wallet provider`);
  story.does(`marketplace gpu retire ${old} --wallet provider`);
  assert.equal(story.does('marketplace gpu list --available --memory-min 40').length, 2);
  story.does(`marketplace gpu details ${story.gpu}`);
  story.does('marketplace pricing A100');
  story.does(`marketplace --action pricing --gpu-id ${story.gpu} --strategy market-balance`);
}

export function bookings(story) {
  story.booking = story.made('bk', `marketplace gpu book ${story.gpu} --wallet customer --hours 1 --max-price 4`);
  story.does(`marketplace orders extend ${story.booking} --wallet customer --hours 0.5`);
  story.does(`marketplace gpu release ${story.gpu} --wallet customer`);
  const later = Math.floor(Date.now() / 1000) + 7200;
  const scheduled = story.made('bk', `marketplace gpu book ${story.gpu} --wallet customer --hours 1 --start ${later}`);
  story.does(`marketplace orders cancel ${scheduled} --wallet customer`);
  story.does('marketplace orders list --customer customer');
  story.does(`marketplace orders details ${story.booking}`);
  const review = story.made('rv', `marketplace review add ${story.booking} --wallet customer --rating 4 --comment`, 'as promised');
  story.does(`marketplace reviews ${story.gpu}`);
  story.does(`marketplace review hide ${review} --wallet gov --reason`, 'a test of hiding');
  const bid = story.made('bid', `marketplace bid submit ${story.gpu} --wallet customer --amount 3.6 --hours 1`);
  story.does(`marketplace bid details ${bid}`);
  story.does(`marketplace bid accept ${bid} --wallet provider`);
  story.does(`marketplace gpu release ${story.gpu} --wallet customer`);
  const other = story.made('bid', `marketplace bid submit ${story.gpu} --wallet customer --amount 1 --hours 1`);
  story.does(`marketplace bid list --target ${story.gpu}`);
  story.does(`marketplace bid withdraw ${other} --wallet customer`);
  story.does('resource allocate --agent-id trainer --memory 1000 --duration 600 --wallet customer');
  assert.equal(story.does('resource status --agent-id trainer').length, 1);
  story.does('resource deallocate --agent-id trainer --wallet customer');
  story.does('resource utilization --period 1h');
  story.does('resource test --memory 16');
}

export function offers(story) {
  const offer = story.made('off', 'marketplace offers create --wallet provider --price 2 --sla 99.9%');
  story.does('marketplace offers sync --provider provider --wallet gov');
  story.does('marketplace offers list --provider provider');
  story.does(`marketplace offers details ${offer}`);
  story.does(`marketplace offers close ${offer} --wallet provider`);
}

export function services(story) {
  const create = 'marketplace --action create --wallet provider --name inference --type ai-inference --price';
  story.service = story.made('svc', `${create} 10`);
  const other = story.made('svc', `${create} 11`);
  story.does(`marketplace services update ${other} --wallet provider --name inference --type ai-inference --price 12`);
  story.does(`marketplace services close ${other} --wallet provider`);
  for (const words of ['list', 'search --query inference', 'my-listings --wallet provider']) story.does(`marketplace --action ${words}`);
  story.does('marketplace services list --provider provider');
  story.does(`marketplace services details ${story.service}`);
  const bid = story.made('bid', `marketplace --action bid --service-id ${story.service} --amount 9 --wallet customer`);
  assert.equal(story.does(`marketplace --action pending-bids --service-id ${story.service}`).length, 1);
  story.does(`marketplace --action accept-bid --service-id ${story.service} --bid-id ${bid} --wallet provider`);
  story.does(`marketplace services deliver ${story.service} --wallet provider --result-uri https://gpus.example/result`);
  assert.equal(story.does(`marketplace --action settle-payment --service-id ${story.service} --amount 9 --wallet customer`).state, 'settled');
  const due = story.made('svc', `${create} 1`);
  const paid = story.made('bid', `marketplace --action bid --service-id ${due} --amount 1 --wallet customer`);
  story.does(`marketplace bid accept ${paid} --wallet provider`);
  story.does(`marketplace services deliver ${due} --wallet provider`);
  story.does(`marketplace settle ${due} --wallet customer`);
  story.open = story.made('svc', `${create} 5`);
}

export function jobs(story) {
  const submit = `ai-submit --wallet customer --type inference --payment 1 --service-id ${story.open} --prompt hello`;
  const job = story.made('job', submit);
  story.does(`jobs start ${job} --wallet provider`);
  story.does(`jobs complete ${job} --wallet provider --result-file ${story.file('result', 'an answer')} --units 5000`);
  assert.equal(story.does(`ai-results --job-id ${job}`).result, 'an answer');
  story.does(`ai-status --job-id ${job}`);
  story.does(`jobs details ${job}`);
  const failing = story.made('job', submit);
  story.does(`jobs start ${failing} --wallet provider`);
  story.does(`jobs fail ${failing} --wallet provider --reason`, 'out of memory');
  story.does(`jobs cancel ${story.made('job', submit)} --wallet customer`);
  story.does('jobs list --customer customer');
  story.does('ai-metrics --period 1h');
  const folder = story.file('attestations');
  const attest = `coordinator attest ${job} --folder ${folder} --wallet coordinator`;
  assert.match(story.cli.run(...attest.split(' ')).stderr, /^error: job_1 reports 5000 units for \d+ seconds/);
  story.does(`${attest} --max-units-per-second 10000`);
  const claimed = story.does(`jobs claim ${job} --wallet provider --attestation ${folder}/${job}.json`);
  assert.equal(claimed.minted, '0.000000000005');
}
