// The REST surface by a plain HTTP client: every route, its documented fields and errors, hosted wallets and self-custody.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Contract, JsonRpcProvider, NonceManager, Wallet, ZeroHash, keccak256, parseEther } from 'ethers';
import { Devnet, chainId, keys, marketplace, waitFor } from './lib/devnet.mjs';
import { RestClient, callOperations } from './lib/rest.mjs';

const abi = JSON.parse(readFileSync(path.join(process.env.AITBC_SOURCE, 'docs/abi/IMarketplace.json'), 'utf8'));
const provider = 'aitbc_devnet_account-0';
const customer = 'aitbc_devnet_account-1';
const stranger = 'aitbc_devnet_account-3';
const addressOf = (index) => new Wallet(keys[index]).address;

let net, rest, ethers, gpu, booking;
before(async () => {
  net = await Devnet.start({ periodMs: 100 });
  rest = await RestClient.of(net.url);
  ethers = new JsonRpcProvider(net.url, chainId, { staticNetwork: true, pollingInterval: 50, cacheTimeout: -1 });
});
after(async () => {
  ethers?.destroy();
  await net?.stop();
});

const get = (target) => rest.ask('GET', target);
const post = (target, key, body) => rest.ask('POST', target, { key, body });
const done = (answer, status) => {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
const gpuBody = (changes = {}) => ({
  gpu: {
    name: 'RTX 4090', memory_gb: 24, cuda_version: '12.4', compute_capability: '8.9', cuda_cores: 16384, region: 'eu-west',
    price_per_hour: 3.6, capabilities: ['fp16', 'int8'], ...changes,
  },
});

test('the OpenAPI document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(rest.document));
  assert.ok(result.valid, JSON.stringify(result.errors));
  assert.equal(rest.document.openapi, '3.1.0');
});

test('a provider registers, stakes and puts a GPU on the market', async () => {
  done(await post('/v1/providers', provider, { name: 'Nordic GPUs', region: 'eu-west', endpoint: 'https://gpus.example' }), 201);
  assert.equal(done(await post('/v1/marketplace/gpu/register', provider, gpuBody()), 400).error.name, 'StakeTooLow');
  assert.equal(done(await post('/v1/staking/stake', provider, { provider: addressOf(0), amount: '100.5' }), 201).amount, 100.5);
  const registered = done(await post('/v1/marketplace/gpu/register', provider, gpuBody()), 201);
  assert.equal(registered.status, 'registered');
  assert.equal(registered.price_per_hour, 3.6);
  gpu = registered.gpu_id;

  const [listed] = done(await get('/v1/marketplace/gpu/list?available=true&model=RTX+4090&price_max=4&region=eu-west&memory_min=24'), 200);
  assert.equal(listed.id, gpu);
  assert.equal(listed.miner_id, addressOf(0));
  assert.deepEqual(listed.capabilities, ['fp16', 'int8']);
  assert.equal(listed.average_rating, null);
  assert.deepEqual(done(await get('/v1/marketplace/gpu/list?price_max=3'), 200), []);
  assert.deepEqual(done(await get('/marketplace/gpu/list?query=rtx'), 200), done(await get('/v1/marketplace/gpu/list'), 200));
  const details = done(await get(`/v1/marketplace/gpu/${gpu}`), 200);
  assert.equal(details.status, 'available');
  assert.equal(details.current_booking, null);
  const staked = done(await get(`/v1/staking/${addressOf(0)}/${addressOf(0)}`), 200);
  assert.equal(staked.staked, 100.5);
  assert.equal(done(await get(`/v1/providers/${addressOf(0)}`), 200).name, 'Nordic GPUs');
  assert.equal(done(await get('/v1/providers'), 200).length, 1);
});

test('a customer books, releases and reviews; sums agree with the chain', async () => {
  for (const hours of [0, -1, 8761]) done(await post(`/v1/marketplace/gpu/${gpu}/book`, customer, { duration_hours: hours }), 400);
  done(await post(`/v1/marketplace/gpu/${gpu}/book`, provider, { duration_hours: 1 }), 403);
  done(await post(`/v1/marketplace/gpu/${gpu}/book`, customer, { duration_hours: 1, max_price: 1 }), 400);
  booking = done(await post(`/v1/marketplace/gpu/${gpu}/book`, customer, { duration_hours: 2.5, job_id: 'job-7' }), 201);
  assert.equal(booking.status, 'booked');
  assert.equal(booking.total_cost, 9);
  assert.equal(booking.base_price, 3.6);
  assert.equal(booking.dynamic_price, 3.6);
  assert.equal(Date.parse(booking.end_time) - Date.parse(booking.start_time), 2.5 * 3600 * 1000);
  assert.equal(booking.pricing_factors.strategy, 'fixed');
  done(await post(`/v1/marketplace/gpu/${gpu}/book`, customer, { duration_hours: 1 }), 409);
  const details = done(await get(`/v1/marketplace/gpu/${gpu}`), 200);
  assert.equal(details.status, 'booked');
  assert.equal(details.current_booking.booking_id, booking.booking_id);
  assert.equal(details.booking_expires, booking.end_time);

  done(await post(`/v1/marketplace/gpu/${gpu}/reviews`, customer, { rating: 5, comment: 'too soon' }), 403);
  done(await post(`/v1/marketplace/gpu/${gpu}/release`, stranger), 403);
  const released = done(await post(`/v1/marketplace/gpu/${gpu}/release`, customer), 200);
  assert.equal(released.status, 'released');
  assert.ok(released.refund > 4.4 && released.refund <= 4.5, `half of the unused time, not ${released.refund}`);
  done(await post(`/v1/marketplace/gpu/${gpu}/release`, customer), 409);
  const [order] = done(await get('/v1/marketplace/orders?status=released&limit=1'), 200);
  assert.deepEqual([order.order_id, order.gpu_model, order.miner_id, order.job_id, order.duration_hours],
    [booking.booking_id, 'RTX 4090', addressOf(0), 'job-7', 2.5]);
  assert.equal(order.refund, released.refund);
  const onChain = await net.rpc('market_getBooking', booking.booking_id);
  assert.equal(Number(onChain.refund) / 1e18, released.refund);
  assert.equal(BigInt(onChain.paid) + BigInt(onChain.fee) + BigInt(onChain.refund), parseEther('9'));

  done(await post(`/v1/marketplace/gpu/${gpu}/reviews`, stranger, { rating: 1, comment: 'never been there' }), 403);
  const review = done(await post(`/v1/marketplace/gpu/${gpu}/reviews`, customer, { rating: 4, comment: 'fast' }), 201);
  assert.equal(review.average_rating, 4);
  done(await post(`/v1/marketplace/gpu/${gpu}/reviews`, customer, { rating: 4, comment: 'again' }), 403);
  const reviews = done(await get(`/v1/marketplace/gpu/${gpu}/reviews?limit=5`), 200);
  assert.equal(reviews.total_reviews, 1);
  assert.deepEqual([reviews.reviews[0].rating, reviews.reviews[0].comment, reviews.reviews[0].user], [4, 'fast', addressOf(1)]);
});

test('offers, bids, statistics and prices', async () => {
  const synced = done(await post('/v1/marketplace/sync-offers', provider, {}), 200);
  assert.equal(synced.created_offers, 1);
  assert.equal(synced.offer_ids.length, 1);
  const [offer] = done(await get('/v1/marketplace/offers?status=open'), 200);
  assert.deepEqual([offer.id, offer.provider, offer.gpu_model, offer.gpu_memory_gb], [synced.offer_ids[0], addressOf(0), 'RTX 4090', 24]);
  assert.deepEqual(done(await get('/marketplace/offers?offset=1'), 200), []);
  assert.equal(done(await get('/v1/marketplace/miner-offers'), 200)[0].gpu_id, gpu);

  const bid = done(await post('/v1/marketplace/bids', customer, { provider: addressOf(0), capacity: 1, price: 2.5, notes: 'please' }), 202);
  const seen = done(await get(`/v1/marketplace/bids/${bid.id}`), 200);
  assert.deepEqual([seen.status, seen.price, seen.capacity, seen.notes, seen.provider], ['pending', 2.5, 1, 'please', addressOf(0)]);
  assert.deepEqual(done(await get('/v1/marketplace/stats'), 200), { totalOffers: 1, openCapacity: 1, averagePrice: 3.6, activeBids: 1 });
  done(await post(`/v1/marketplace/bids/${bid.id}/accept`, stranger), 403);
  assert.equal(done(await post(`/v1/marketplace/bids/${bid.id}/accept`, provider), 200).status, 'accepted');
  assert.equal(done(await get('/v1/marketplace/bids?status=accepted'), 200)[0].id, bid.id);
  // The offer was made from a GPU: the bid on it became a booking.
  done(await post(`/v1/marketplace/gpu/${gpu}/release`, customer), 200);
  const other = done(await post('/v1/marketplace/bids', customer, { gpu_id: gpu, price: 3, duration_hours: 1 }), 202);
  assert.equal(done(await post(`/v1/marketplace/bids/${other.id}/withdraw`, customer), 200).refund, 3);
  done(await post('/v1/marketplace/bids', customer, { price: 3 }), 422);
  done(await post('/v1/marketplace/bids', customer, { provider: addressOf(3), price: 3 }), 404);

  const pricing = done(await get('/v1/marketplace/pricing/RTX%204090'), 200);
  assert.equal(pricing.static_pricing.average_price, 3.6);
  assert.equal(pricing.static_pricing.total_gpus, 1);
  assert.equal(pricing.individual_gpu_pricing[0].gpu_id, gpu);
  assert.ok(done(await get('/v1/marketplace/categories'), 200).some((each) => each.id === 'ai-inference' && each.pricing.basePrice === 10));
});

test('services and jobs', async () => {
  const service = done(await post('/v1/marketplace/services', provider, { name: 'LLM answers', price: 5, description: 'quick' }), 201);
  const bid = done(await post(`/v1/marketplace/services/${service.id}/bids`, customer, { price: 5 }), 202);
  done(await post(`/v1/marketplace/bids/${bid.id}/accept`, provider), 200);
  done(await post(`/v1/marketplace/services/${service.id}/deliver`, provider, { result_uri: 'https://gpus.example/r/1' }), 200);
  done(await post(`/v1/marketplace/services/${service.id}/settle`, customer), 200);
  const settled = done(await get(`/v1/marketplace/services/${service.id}`), 200);
  assert.deepEqual([settled.status, settled.result_uri, settled.refund], ['settled', 'https://gpus.example/r/1', 0]);
  const unwanted = done(await post('/v1/marketplace/services', provider, { name: 'Fax', price: 1 }), 201);
  done(await post(`/v1/marketplace/services/${unwanted.id}/close`, provider), 200);
  assert.equal(done(await get('/v1/marketplace/services?status=cancelled'), 200)[0].id, unwanted.id);

  const job = done(await post('/v1/jobs', customer, { type: 'inference', prompt: 'What is 6 times 7?', model: 'tiny', payment_amount: 1.5 }), 201);
  assert.equal(job.state, 'QUEUED');
  done(await get(`/v1/jobs/${job.job_id}/result`), 409);
  const contract = new Contract(marketplace, abi, new NonceManager(new Wallet(keys[0], ethers)));
  await (await contract.startJob(job.job_id.slice(4))).wait();
  await (await contract.completeJob(job.job_id.slice(4), { digest: ZeroHash, uri: '', inlineData: '0x3432', units: 1 })).wait();
  const completed = await waitFor('the completed job', async () => {
    const now = done(await get(`/v1/jobs/${job.job_id}`), 200);
    return now.state === 'COMPLETED' ? now : undefined;
  });
  assert.equal(completed.assigned_miner_id, addressOf(0));
  assert.equal(done(await get(`/v1/jobs/${job.job_id}/result`), 200).data, '0x3432');
  const second = done(await post('/v1/jobs', customer, { type: 'training', input_uri: 'https://d.example/set', model: 'x', payment_amount: 2 }), 201);
  done(await post(`/v1/jobs/${second.job_id}/cancel`, stranger), 403);
  assert.equal(done(await post(`/v1/jobs/${second.job_id}/cancel`, customer), 200).refund, 2);
  assert.equal(done(await get('/v1/jobs?state=canceled'), 200)[0].job_id, second.job_id);
});

test('auctions', async () => {
  const body = { title: 'One hour', description: 'of work', start_price: 1000, reserve_price: 100, decrement_rate: 10, decrement_interval: 60 };
  const create = '/v1/marketplace/extensions/dutch-auction/create';
  assert.equal(done(await post(create, provider, { ...body, reserve_price: 1000 }), 400).detail, 'Reserve price must be less than start price');
  const { auction_id: id } = done(await post(create, provider, { ...body, gpu_id: gpu }), 201);
  const state = done(await get(`/v1/marketplace/extensions/dutch-auction/${id}/state`), 200);
  assert.deepEqual([state.auction_id, state.current_price, state.total_bids, state.status], [id, 1000, 0, 'active']);
  assert.ok(state.next_decrement > 0 && state.next_decrement <= 60);
  assert.equal(done(await get('/v1/marketplace/extensions/dutch-auction/auc_999/state'), 404).detail, 'Dutch auction not found');
  done(await get(`/v1/marketplace/extensions/english-auction/${id}/state`), 404);
  done(await post('/v1/marketplace/extensions/upside-down-auction/create', provider, body), 404);
  done(await post(`/v1/marketplace/extensions/dutch-auction/${id}/bid`, customer, { amount: 1000 }), 201);
  assert.equal(done(await get(`/marketplace/extensions/dutch-auction/${id}/state`), 200).status, 'sold');
});

test('disputes', async () => {
  const second = done(await post('/v1/marketplace/gpu/register', provider, gpuBody({ name: 'A100', price_per_hour: '7.2' })), 201);
  const booked = done(await post(`/v1/marketplace/gpu/${second.gpu_id}/book`, customer, { duration_hours: 1 }), 201);
  done(await post('/v1/marketplace/disputes', customer, {}), 422);
  const opened = done(await post('/v1/marketplace/disputes', customer, { booking_id: booked.booking_id, evidence_uri: 'https://e.example/1' }), 201);
  assert.equal(done(await get(`/v1/marketplace/disputes/${opened.id}`), 200).subject_id, booked.booking_id);
  assert.equal(done(await get('/v1/marketplace/disputes?status=open'), 200).length, 1);
  done(await post(`/v1/marketplace/disputes/${opened.id}/vote`, customer, { customer_bps: 10000 }), 403);
});

test('self-custody: the answer 401 holds the transaction to sign; sending it twice answers the same', async () => {
  const wallet = new Wallet(keys[2], ethers);
  const body = { provider: addressOf(0), amount: 7, from: wallet.address };
  const asked = done(await post('/v1/staking/stake', undefined, body), 401);
  const { gas, from, ...fields } = asked.unsigned_transaction;
  assert.equal(from, wallet.address);
  const signed = await wallet.signTransaction({ ...fields, gasLimit: gas, type: 2, nonce: Number(fields.nonce) });
  const [first, again] = await Promise.all([1, 2].map(() => post('/v1/staking/stake', undefined, { signed_transaction: signed })));
  assert.equal(done(first, 201).amount, 7);
  assert.equal(done(first, 201).staker, wallet.address);
  assert.equal(done(again, 201).tx_hash, first.body.tx_hash);
  const once_more = done(await post('/v1/staking/stake', undefined, { signed_transaction: signed }), 201);
  assert.equal(once_more.tx_hash, first.body.tx_hash);
  // The same transaction is not something else.
  done(await post('/v1/staking/unstake', undefined, { signed_transaction: signed }), 400);
  const seen = done(await get(`/v1/transactions/${first.body.tx_hash}`), 200);
  assert.deepEqual([seen.status, seen.type, seen.from], ['success', 'STAKE', wallet.address]);
  assert.equal(seen.block_number, first.body.block_number);
  // Without knowing who signs there is no nonce; what would fail is told before anything is signed.
  const anonymous = done(await post('/v1/staking/claim', undefined, { provider: addressOf(0) }), 401);
  assert.equal(anonymous.unsigned_transaction.nonce, undefined);
  done(await post('/v1/staking/unstake', undefined, { provider: addressOf(0), amount: 8, from: wallet.address }), 404);
});

test('staking out, accounts, transactions and blocks', async () => {
  const out = done(await post('/v1/staking/unstake', provider, { provider: addressOf(0), amount: 0.5 }), 200);
  assert.ok(Date.parse(out.available_at) > Date.now());
  const claimed = await post('/v1/staking/claim', provider, { provider: addressOf(0) });
  assert.ok(claimed.status === 200 || claimed.body.error.name === 'NothingToClaim');
  const account = done(await get(`/v1/accounts/${addressOf(1)}`), 200);
  assert.equal(account.nonce, await ethers.getTransactionCount(addressOf(1)));
  const wallet = new Wallet(keys[2], ethers);
  const signed = await wallet.signTransaction(await wallet.populateTransaction({ to: addressOf(3), value: 1n }));
  const sent = done(await post('/v1/transactions', undefined, { signed_transaction: signed }), 201);
  // One that waits for another before it: what was said before it came is not said again.
  const nonce = 2 + await ethers.getTransactionCount(wallet.address);
  const waiting = await wallet.signTransaction(await wallet.populateTransaction({ to: addressOf(3), value: 1n, gasLimit: 21000, nonce }));
  done(await get(`/v1/transactions/${keccak256(waiting)}`), 404);
  await ethers.send('eth_sendRawTransaction', [waiting]);
  assert.equal(done(await get(`/v1/transactions/${keccak256(waiting)}`), 200).status, 'pending');
  const block = done(await get(`/v1/blocks/${sent.block_number}`), 200);
  assert.equal(done(await get(`/v1/blocks/${block.hash}`), 200).number, sent.block_number);
  assert.ok(done(await get('/v1/blocks/latest'), 200).number >= sent.block_number);
  const page = await get('/v1/blocks?limit=2');
  assert.equal(page.body.length, 2);
  assert.equal(Number(page.headers.get('x-next-cursor')), page.body[1].number - 1);
  done(await get('/v1/blocks/99999999'), 404);

  // Every transaction of the chain once, newest first, whatever the pages' size.
  const latest = await ethers.getBlockNumber();
  const expected = [];
  for (let height = latest; height >= 0; --height) expected.push(...(await ethers.getBlock(height)).transactions.toReversed());
  for (const limit of [1, 7, 500]) {
    const listed = [];
    for (let cursor = `${latest}`; cursor;) {
      const part = await get(`/v1/transactions?limit=${limit}&cursor=${cursor}`);
      assert.ok(done(part, 200).length <= limit);
      listed.push(...part.body.map((each) => each.tx_hash));
      cursor = part.headers.get('x-next-cursor');
    }
    assert.deepEqual(listed, expected);
  }
  const [own] = done(await get(`/v1/transactions?block=${sent.block_number}`), 200);
  assert.deepEqual([own.tx_hash, own.block_number, own.from], [sent.tx_hash, sent.block_number, wallet.address]);
  done(await get('/v1/transactions?block=99999999'), 404);
  for (const cursor of ['x', '1.', '99999999', '1.2.3', '-1']) done(await get(`/v1/transactions?cursor=${cursor}`), 400);
  done(await get(`/v1/transactions?block=1&cursor=2`), 400);
  done(await get(`/v1/transactions/0x${'ab'.repeat(32)}`), 404);
});

test('bad input is answered with what is wrong', async () => {
  const missing = done(await post('/v1/marketplace/gpu/register', provider, { gpu: { name: 'X', memory_gb: '24', price_per_hour: -1 } }), 422);
  assert.deepEqual(missing.detail.map((issue) => issue.loc.join('.')).sort(), ['body.gpu.memory_gb', 'body.gpu.price_per_hour']);
  assert.equal(done(await post('/v1/marketplace/gpu/register', provider, {}), 422).detail[0].type, 'missing');
  assert.equal(done(await post(`/v1/marketplace/gpu/${gpu}/book`, customer, { duration_hours: 1, max_prize: 3 }), 422).detail[0].type, 'extra_forbidden');
  done(await post(`/v1/marketplace/gpu/${gpu}/book`, customer, '{"duration_hours":'), 422);
  done(await post(`/v1/marketplace/gpu/${gpu}/reviews`, customer, { rating: 6 }), 422);
  done(await get('/v1/marketplace/gpu/list?limit=501'), 422);
  done(await get('/v1/marketplace/gpu/list?limit=0'), 422);
  done(await get('/v1/marketplace/gpu/list?colour=red'), 422);
  done(await get('/v1/marketplace/gpu/list?query=%zz'), 400);
  done(await get('/v1/marketplace/gpu/gpu_999'), 404);
  done(await get('/v1/marketplace/gpu/nonsense'), 404);
  done(await get('/v1/marketplace/pricing/abacus'), 404);
  for (const unknown of ['bids/bid_999', 'services/svc_999', 'disputes/dsp_999']) done(await get(`/v1/marketplace/${unknown}`), 404);
  assert.equal((await get('/v1/nowhere')).status, 404);
  assert.equal((await rest.ask('DELETE', '/v1/marketplace/stats')).status, 405);
  const form = await rest.ask('POST', `/v1/marketplace/gpu/${gpu}/book`, { key: customer, body: 'duration_hours=1', headers: { 'content-type': 'text/plain' } });
  assert.equal(form.status, 415);
  done(await post('/v1/staking/stake', undefined, { signed_transaction: '0x1234' }), 400);
});

test('wrong API keys are refused, and slowed down', async () => {
  assert.equal(done(await post('/v1/providers', 'aitbc_wrong', { name: 'x' }), 401).detail, 'invalid API key');
  let last;
  for (let i = 0; i < 25; ++i) last = await post('/v1/providers', `aitbc_wrong${i}`, { name: 'x' });
  assert.equal(last.status, 429);
  assert.ok(Number(last.headers.get('retry-after')) >= 1);
  assert.equal((await post('/v1/marketplace/sync-offers', provider, {})).status, 200, 'a right key is not slowed down by wrong ones');
});

test('a GPU is retired', async () => {
  const third = done(await post('/v1/marketplace/gpu/register', provider, gpuBody({ name: 'L4' })), 201);
  done(await rest.ask('DELETE', `/v1/marketplace/gpu/${third.gpu_id}`, { key: customer }), 403);
  assert.equal(done(await rest.ask('DELETE', `/v1/marketplace/gpu/${third.gpu_id}`, { key: provider }), 200).status, 'retired');
  done(await get('/v1/marketplace/pricing/L4'), 404);
});

test('every documented route answered', () => {
  // Rewards may be too small to claim, which is refused by name.
  const others = rest.operations.map(({ id }) => id).filter((id) => !callOperations.has(id) && id !== 'claim_rewards');
  assert.deepEqual(rest.silent(others), []);
  assert.ok(rest.answered.get('claim_rewards').size > 0);
});
