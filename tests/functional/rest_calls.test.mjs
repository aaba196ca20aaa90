// REST beyond AITBC's own endpoints: every call of the contract has a route, answered as its schema says.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AbiCoder, HDNodeWallet, JsonRpcProvider, Wallet, hexlify, keccak256, parseEther, randomBytes } from 'ethers';
import { Devnet, chainId, marketplace, waitFor } from './lib/devnet.mjs';
import { RestClient, callOperations } from './lib/rest.mjs';

const phrase = 'test test test test test test test test test test test junk';
const wallets = Array.from({ length: 10 }, (_, i) => HDNodeWallet.fromPhrase(phrase, '', `m/44'/60'/0'/0/${i}`));
const keyOf = (index) => `aitbc_devnet_account-${index}`;
const [provider, customer, stranger] = [0, 1, 3].map(keyOf);
const [coordinator, arbitrator, moderator] = [7, 8, 9];
const market = '/v1/marketplace';
const later = (seconds) => `${new Date(Date.now() + 1000 * seconds).toISOString().slice(0, 19)}Z`;
const unix = (time) => BigInt(Date.parse(time) / 1000);

let net, rest, ethers;
before(async () => {
  net = await Devnet.start({ periodMs: 100 });
  rest = await RestClient.of(net.url);
  ethers = new JsonRpcProvider(net.url, chainId, { staticNetwork: true, pollingInterval: 50, cacheTimeout: -1 });
  await post('/v1/staking/stake', provider, { provider: wallets[0].address, amount: 200 }, 201);
});
after(async () => {
  ethers?.destroy();
  await net?.stop();
});

async function ask(method, target, key, body, status) {
  const answer = await rest.ask(method, target, { key, body });
  assert.equal(answer.status, status, `${method} ${target}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
const get = (target, status = 200) => ask('GET', target, undefined, undefined, status);
const post = (target, key, body, status = 200) => ask('POST', target, key, body, status);
const patch = (target, key, body, status = 200) => ask('PATCH', target, key, body, status);
let devices = 0;
const register = async (changes = {}) => (await post(`${market}/gpu/register`, provider,
  { gpu: { name: 'RTX 4090', memory_gb: 24, price_per_hour: 3.6, device_id: `device-${++devices}`, ...changes } }, 201)).gpu_id;
const sign = (type, members, message) => wallets[type === 'BookingOrder' ? 1 : 0].signTypedData(
  { name: 'AITBC Marketplace', version: '1', chainId, verifyingContract: marketplace },
  { [type]: members.map(([name, kind]) => ({ name, type: kind })) }, message);

test('a GPU is updated in what is given, delisted and relisted', async () => {
  const gpu = await register({ region: 'eu-west', capabilities: ['fp16'], min_seconds: 60 });
  const updated = await patch(`${market}/gpu/${gpu}`, provider, { price_per_hour: '4.5', cuda_version: '12.6' });
  assert.deepEqual([updated.gpu_id, updated.status, updated.price_per_hour], [gpu, 'updated', 4.5]);
  const seen = await get(`${market}/gpu/${gpu}`);
  assert.deepEqual([seen.base_price, seen.cuda_version, seen.region, seen.memory_gb, seen.capabilities], [4.5, '12.6', 'eu-west', 24, ['fp16']]);
  assert.equal((await net.rpc('market_getGpu', gpu)).minDuration, 60);
  await patch(`${market}/gpu/${gpu}`, stranger, { price_per_hour: 1 }, 403);
  await patch(`${market}/gpu/${gpu}`, provider, { name: 'A100' }, 422);
  await patch(`${market}/gpu/gpu_999`, provider, { price_per_hour: 1 }, 404);
  assert.equal((await post(`${market}/gpu/${gpu}/delist`, provider)).status, 'delisted');
  await post(`${market}/gpu/${gpu}/book`, customer, { duration_hours: 1 }, 409);
  await post(`${market}/gpu/${gpu}/relist`, stranger, undefined, 403);
  assert.equal((await post(`${market}/gpu/${gpu}/relist`, provider)).status, 'listed');
  await post(`${market}/gpu/${gpu}/relist`, provider, undefined, 409);
});

test('orders: extended, released, cancelled before they start, settled when they are due', async () => {
  const gpu = await register();
  const start = later(7200);
  const planned = await post(`${market}/gpu/${gpu}/book`, customer, { duration_hours: 1, start_time: start }, 201);
  assert.equal(planned.start_time, start);
  await post(`${market}/orders/${planned.booking_id}/cancel`, stranger, undefined, 403);
  const cancelled = await post(`${market}/orders/${planned.booking_id}/cancel`, customer);
  assert.deepEqual([cancelled.status, cancelled.refund, cancelled.paid], ['cancelled', 3.6, 0]);
  await post(`${market}/orders/${planned.booking_id}/cancel`, customer, undefined, 409);
  await post(`${market}/gpu/${gpu}/book`, customer, { duration_hours: 1, start_time: 'tomorrow' }, 422);
  await post(`${market}/gpu/${gpu}/book`, customer, { duration_hours: 1, start_time: '2020-01-01T00:00:00Z' }, 400);

  const quote = await get(`${market}/gpu/${gpu}/quote?duration_hours=1`);
  assert.deepEqual([quote.available, quote.price_per_hour, quote.total_cost], [true, 3.6, 3.6]);
  const booked = await post(`${market}/gpu/${gpu}/book`, customer, { duration_hours: 1 }, 201);
  assert.equal((await get(`${market}/gpu/${gpu}/quote?duration_hours=1`)).available, false);
  assert.equal((await get(`${market}/gpu/${gpu}/quote?duration_hours=1&start_time=${later(9000)}`)).available, true);
  await get(`${market}/gpu/${gpu}/quote`, 422);
  await get(`${market}/gpu/${gpu}/quote?duration_hours=0`, 400);
  await get(`${market}/gpu/gpu_999/quote?duration_hours=1`, 404);
  const order = `${market}/orders/${booked.booking_id}`;
  const extended = await post(`${order}/extend`, customer, { duration_hours: 0.5 });
  assert.equal(extended.total_cost, 5.4);
  assert.equal(Date.parse(extended.end_time) - Date.parse(booked.end_time), 1800 * 1000);
  const seen = await get(order);
  assert.deepEqual([seen.order_id, seen.status, seen.duration_hours, seen.gpu_model], [booked.booking_id, 'active', 1.5, 'RTX 4090']);
  await post(`${order}/extend`, customer, { duration_hours: 0 }, 400);
  await post(`${order}/settle`, customer, undefined, 409);
  const released = await post(`${order}/release`, customer);
  assert.equal(released.status, 'released');
  assert.ok(released.refund > 2.6 && released.refund <= 2.7, `${released.refund}`);
  await get(`${market}/orders/bk_999`, 404);

  // The end of a block settles it as well: whoever comes too late is told so.
  const short = await post(`${market}/gpu/${gpu}/book`, customer, { duration_hours: 2 / 3600 }, 201);
  await waitFor('its end', async () => Date.now() > Date.parse(short.end_time) || undefined);
  const settled = await rest.ask('POST', `${market}/orders/${short.booking_id}/settle`, { key: stranger });
  assert.ok(settled.status === 200 || settled.body.error.name === 'WrongBookingState', JSON.stringify(settled.body));
  if (settled.status === 200) assert.equal(settled.body.status, 'completed');
});

test('providers: particulars, heartbeats, stakes', async () => {
  await patch('/v1/providers', stranger, { name: 'nobody' }, 404);
  await patch('/v1/providers', undefined, { name: 'who?' }, 422);
  const updated = await patch('/v1/providers', provider, { region: 'eu-north' });
  assert.equal(updated.region, 'eu-north');
  const gpu = await register({ name: 'L40' });
  assert.equal((await get(`/v1/providers/${wallets[0].address}`)).online, false);
  const alive = await post('/v1/providers/heartbeat', provider, { down: [gpu] });
  assert.equal(alive.address, wallets[0].address);
  assert.ok(Date.parse(alive.alive_until) > Date.now());
  assert.equal((await get(`/v1/providers/${wallets[0].address}`)).online, true);
  assert.equal((await get(`${market}/gpu/${gpu}`)).status, 'offline');
  await post('/v1/providers/heartbeat', stranger, { down: [gpu] }, 403);
  await post('/v1/providers/heartbeat', provider, { down: ['gpu_999'] }, 404);
  await post('/v1/providers/heartbeat', provider);
  assert.equal((await get(`${market}/gpu/${gpu}`)).status, 'available');
  assert.deepEqual(await get(`/v1/providers/${wallets[0].address}/outages`), []);
  assert.equal((await get(`/v1/staking/${wallets[0].address}`))[0].staked, 200);
  await post('/v1/staking/unstake', provider, { provider: wallets[0].address, amount: 1 });
  assert.equal((await get(`/v1/staking/${wallets[0].address}/unbondings`))[0].staker, wallets[0].address);
});

test('offers in words; services are changed and reviewed; a moderator hides a review', async () => {
  const offer = await post(`${market}/offers`, provider, { capacity: 2, price: 1.5, sla: '99%', attributes: ['rack=7'] }, 201);
  const seen = await get(`${market}/offers/${offer.id}`);
  assert.deepEqual([seen.status, seen.capacity, seen.attributes], ['open', 2, { rack: '7' }]);
  await post(`${market}/offers`, provider, { capacity: 1, price: 1, attributes: ['rack'] }, 422);
  await post(`${market}/offers/${offer.id}/close`, stranger, undefined, 403);
  assert.equal((await post(`${market}/offers/${offer.id}/close`, provider)).status, 'closed');
  await post(`${market}/offers/${offer.id}/close`, provider, undefined, 409);

  const { id } = await post(`${market}/services`, provider, { name: 'LLM answers', price: 5, description: 'quick' }, 201);
  const service = `${market}/services/${id}`;
  assert.equal((await patch(service, provider, { price: 4 })).price, 4);
  const changed = await get(service);
  assert.deepEqual([changed.name, changed.description, changed.price], ['LLM answers', 'quick', 4]);
  const bid = await post(`${service}/bids`, customer, { price: 4 }, 202);
  await post(`${market}/bids/${bid.id}/accept`, provider);
  await patch(service, provider, { price: 9 }, 409);
  await post(`${service}/reviews`, customer, { rating: 5 }, 403);
  await post(`${service}/deliver`, provider, { result_uri: 'https://gpus.example/r/1' });
  await post(`${service}/settle`, customer);
  // A signed call is taken where it belongs only.
  const { unsigned_transaction: { gas, from, ...fields } } = await ask('POST', `${service}/reviews`, undefined, { rating: 2, from: wallets[1].address }, 401);
  const signed = await wallets[1].signTransaction({ ...fields, gasLimit: gas, type: 2, nonce: Number(fields.nonce) });
  await post(`${market}/gpu/${await register()}/reviews`, undefined, { signed_transaction: signed }, 400);
  await post(`${service}/bids`, undefined, { signed_transaction: signed }, 400);
  const review = await post(`${service}/reviews`, customer, { rating: 2, comment: 'slow' }, 201);
  assert.equal((await get(`${service}/reviews`)).reviews[0].comment, 'slow');
  await post(`${market}/reviews/${review.review_id}/hide`, stranger, { reason: 'rude' }, 403);
  assert.equal((await post(`${market}/reviews/${review.review_id}/hide`, keyOf(moderator), { reason: 'rude' })).status, 'hidden');
  await post(`${market}/reviews/${review.review_id}/hide`, keyOf(moderator), { reason: 'rude' }, 409);
  assert.deepEqual((await get(`${service}/reviews`)).reviews, []);
  const hidden = await get(`${market}/reviews/${review.review_id}`);
  assert.deepEqual([hidden.hidden, hidden.hidden_reason, hidden.rating, hidden.gpu_id], [true, 'rude', 2, null]);
  await get(`${market}/reviews/999`, 404);
});

test('jobs by the provider: started, completed, failed; attested work is minted once', async () => {
  const submit = async () => (await post('/v1/jobs', customer, { type: 'inference', prompt: '6*7?', payment_amount: 1.5 }, 201)).job_id;
  const job = await submit();
  await get(`/v1/jobs/${job}/receipt`, 409);
  await post(`/v1/jobs/${job}/complete`, provider, { result_data: '0x3432' }, 409);
  await post(`/v1/jobs/${job}/start`, customer, undefined, 403);
  assert.equal((await post(`/v1/jobs/${job}/start`, provider)).state, 'RUNNING');
  await post(`/v1/jobs/${job}/complete`, stranger, { result_data: '0x3432' }, 403);
  await post(`/v1/jobs/${job}/complete`, provider, { result_data: '42' + 'x' }, 422);
  const completed = await post(`/v1/jobs/${job}/complete`, provider, { result_data: '0x3432', units: 1000 });
  assert.deepEqual([completed.state, completed.refund], ['COMPLETED', 0]);
  assert.equal((await get(`/v1/jobs/${job}/result`)).digest, keccak256('0x3432'));

  const { digest } = await get(`/v1/jobs/${job}/receipt`);
  const signature = (index) => wallets[index].signingKey.sign(digest).serialized;
  const claim = { provider_signature: signature(0), attestations: [signature(coordinator)] };
  await post(`/v1/jobs/${job}/receipt`, provider, { ...claim, attestations: [] }, 400);
  await post(`/v1/jobs/${job}/receipt`, provider, { ...claim, attestations: [signature(3)] }, 403);
  await post(`/v1/jobs/${job}/receipt`, provider, { ...claim, provider_signature: '0x00' }, 422);
  const minted = await post(`/v1/jobs/${job}/receipt`, provider, claim);
  assert.deepEqual([minted.units, minted.minted], [1000, 1e-12]);
  await post(`/v1/jobs/${job}/receipt`, provider, claim, 409);

  const second = await submit();
  await post(`/v1/jobs/${second}/start`, provider);
  await post(`/v1/jobs/${second}/fail`, provider, {}, 422);
  const failed = await post(`/v1/jobs/${second}/fail`, provider, { reason: 'out of memory' });
  assert.deepEqual([failed.state, failed.refund], ['FAILED', 1.5]);
  assert.equal((await get(`/v1/jobs/${second}`)).error, 'out of memory');
});

test('auctions are listed and cancelled; sealed bids are committed and revealed', async () => {
  const gpu = await register({ name: 'H100' });
  const auctions = `${market}/extensions/sealed-auction`;
  const unwanted = await post(`${market}/extensions/english-auction/create`, provider, { title: 'unwanted', gpu_id: gpu }, 201);
  await post(`${market}/extensions/english-auction/${unwanted.auction_id}/cancel`, stranger, undefined, 403);
  assert.equal((await post(`${market}/extensions/english-auction/${unwanted.auction_id}/cancel`, provider)).status, 'cancelled');

  const { auction_id: id } = await post(`${auctions}/create`, provider,
    { title: 'an hour', gpu_id: gpu, reserve_price: 2, parameters: ['commitTime=5', 'revealTime=30', 'bond=1'] }, 201);
  const opened = Date.now();
  assert.deepEqual((await get(`${market}/auctions?status=open&type=sealed`)).map((each) => each.auction_id), [id]);
  const salt = hexlify(randomBytes(32));
  await post(`${auctions}/${id}/commit`, customer, { amount: 5 }, 422);
  await post(`${auctions}/${id}/commit`, customer, { amount: 5, salt, commitment: salt }, 422);
  const committed = await post(`${auctions}/${id}/commit`, customer, { amount: 5, salt }, 201);
  assert.equal(committed.bidder, wallets[1].address);
  assert.equal(committed.commitment, keccak256(AbiCoder.defaultAbiCoder().encode(['uint64', 'address', 'uint256', 'bytes32'],
    [id.slice(4), wallets[1].address, parseEther('5'), salt])));
  await post(`${auctions}/${id}/commit`, stranger, { commitment: keccak256(salt) }, 201);
  await post(`${auctions}/${id}/reveal`, customer, { amount: 5, salt }, 400);  // too early
  await waitFor('the time to reveal', async () => Date.now() > opened + 7000 || undefined, 15_000);
  await post(`${auctions}/${id}/reveal`, customer, { amount: 6, salt }, 400);  // not what was committed to
  assert.equal((await post(`${auctions}/${id}/reveal`, customer, { amount: 5, salt })).amount, 5);
  await get(`${market}/auctions?status=asleep`, 422);
});

test('signed orders: filled once, by anyone, or void', async () => {
  const gpu = await register({ name: 'A100' });
  const [start, end] = [later(-60), later(3600)];
  const members = { window_start: start, window_end: end, expiry: end, nonce: 7 };
  const order = { customer: wallets[1].address, gpu_id: gpu, max_price_per_hour: 4, duration_seconds: 600, ...members };
  const window = [['windowStart', 'uint64'], ['windowEnd', 'uint64']];
  const times = { windowStart: unix(start), windowEnd: unix(end), expiry: unix(end) };
  const signature = await sign('BookingOrder', [['customer', 'address'], ['gpuId', 'uint64'], ['maxPricePerHour', 'uint256'], ['duration', 'uint64'],
    ...window, ['refundTo', 'address'], ['job', 'string'], ['expiry', 'uint64'], ['nonce', 'uint64']],
  { customer: wallets[1].address, gpuId: gpu.slice(4), maxPricePerHour: parseEther('4'), duration: 600, refundTo: wallets[1].address, job: '', nonce: 7, ...times });
  const path = `${market}/signed-orders`;
  await post(`${path}/booking`, stranger, { order: { ...order, max_price_per_hour: 5 }, signature }, 400);
  const filled = await post(`${path}/booking`, stranger, { order, signature }, 201);
  assert.deepEqual([filled.client_id, filled.gpu_id, filled.total_cost], [wallets[1].address, gpu, 0.6]);
  await post(`${path}/booking`, stranger, { order, signature }, 409);
  assert.equal((await get(`${path}/${wallets[1].address}/7`)).used, true);
  assert.equal((await get(`${path}/${wallets[1].address}/8`)).used, false);
  await get(`${path}/${wallets[1].address}/eight`, 404);
  await post(`${market}/orders/${filled.order_id}/release`, customer);

  const offer = { provider: wallets[0].address, gpu_id: gpu, price_per_hour: 3, min_seconds: 60, max_seconds: 7200, ...members };
  const offered = await sign('OfferOrder', [['provider', 'address'], ['gpuId', 'uint64'], ['pricePerHour', 'uint256'], ['minDuration', 'uint64'],
    ['maxDuration', 'uint64'], ...window, ['customer', 'address'], ['expiry', 'uint64'], ['nonce', 'uint64']],
  { provider: wallets[0].address, gpuId: gpu.slice(4), pricePerHour: parseEther('3'), minDuration: 60, maxDuration: 7200, customer: `0x${'00'.repeat(20)}`, nonce: 7, ...times });
  const taken = await post(`${path}/offer`, customer, { order: offer, signature: offered, duration_hours: 1, job_id: 'cheap' }, 201);
  assert.deepEqual([taken.price_per_hour, taken.client_id], [3, wallets[1].address]);
  assert.equal((await get(`${market}/orders/${taken.order_id}`)).job_id, 'cheap');
  assert.equal((await ask('DELETE', `${path}/9`, provider, undefined, 200)).status, 'void');
  await ask('DELETE', `${path}/9`, provider, undefined, 409);
  assert.equal((await get(`${path}/${wallets[0].address}/9`)).used, true);
});

test('disputes: an arbitrator decides', async () => {
  const gpu = await register({ name: 'L4' });
  const booked = await post(`${market}/gpu/${gpu}/book`, customer, { duration_hours: 1 }, 201);
  const opened = await post(`${market}/disputes`, customer, { booking_id: booked.booking_id }, 201);
  const voted = await post(`${market}/disputes/${opened.id}/vote`, keyOf(arbitrator), { customer_bps: 10000 });
  assert.deepEqual([voted.id, voted.customer_share], [opened.id, 1]);
  assert.equal((await get(`${market}/disputes/${opened.id}`)).status, 'decided');
});

test('rules: what is in force, and a validator proposes and approves', async () => {
  const rules = await get(`${market}/rules`);
  assert.equal(rules.parameters.takeBps, 250);
  assert.deepEqual(rules.roles.moderators, [wallets[moderator].address]);
  assert.deepEqual(rules.roles.validators.map((each) => each.toLowerCase()), await net.rpc('qbft_getValidatorsByBlockNumber', 'latest'));
  await post(`${market}/proposals`, stranger, { subject: 'takeBps', value: '300' }, 403);

  // The devnet's validator decides; its wallet is not hosted, so it signs what the answer 401 asks it to.
  const validator = new Wallet(`0x${readFileSync(path.join(net.folder, 'node/validator.key'), 'utf8').trim()}`, ethers);
  const signedBy = async (method, target, body) => {
    const { unsigned_transaction: { gas, from, ...fields } } = await ask(method, target, undefined, { ...body, from: validator.address }, 401);
    const signed = await validator.signTransaction({ ...fields, gasLimit: gas, type: 2, nonce: Number(fields.nonce) });
    return rest.ask(method, target, { body: { signed_transaction: signed } });
  };
  await (await wallets[2].connect(ethers).sendTransaction({ to: validator.address, value: parseEther('10') })).wait();
  await post(`${market}/proposals`, undefined, { subject: 'takeBps', value: '3.5', from: validator.address }, 422);
  await post(`${market}/proposals`, undefined, { subject: 'colour', value: '1', from: validator.address }, 400);
  const proposed = await signedBy('POST', `${market}/proposals`, { subject: 'takeBps', value: '300' });
  assert.equal(proposed.status, 201, JSON.stringify(proposed.body));
  // The only validator's voice is a majority at once: there is nothing left to approve.
  const accepted = await get(`${market}/proposals/${proposed.body.id}`);
  assert.deepEqual([accepted.subject, accepted.value, accepted.status, accepted.approvals], ['takeBps', '300', 'accepted', [validator.address]]);
  assert.equal((await get(`${market}/proposals?status=accepted`)).length, 1);
  await post(`${market}/proposals/${proposed.body.id}/approve`, undefined, { from: validator.address }, 409);
  await post(`${market}/proposals/${proposed.body.id}/approve`, stranger, undefined, 403);
  await post(`${market}/proposals/999/approve`, stranger, undefined, 404);
  await get(`${market}/proposals/999`, 404);
});

test('every route of these calls answered', () => {
  // Settling comes after the end of a block most of the time, and a lone validator has nothing to approve: both are refused by name.
  const refused = ['settle_order', 'approve_proposal'];
  assert.deepEqual(rest.silent([...callOperations].filter((id) => !refused.includes(id))), []);
  for (const id of refused) assert.ok(rest.answered.get(id).size > 0);
});
