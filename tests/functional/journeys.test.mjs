// With ethers and nothing but the generated ABI: an auction that runs down and is bought, a job from submission to its claimed
// receipt, and what the queries and an independent verifier say of all that.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { JsonRpcProvider, Wallet, Contract, NonceManager, SigningKey, parseEther, keccak256, toUtf8Bytes } from 'ethers';
import { Devnet, binaries, keys, marketplace, waitFor } from './lib/devnet.mjs';

const abi = JSON.parse(readFileSync(path.join(process.env.AITBC_SOURCE, 'docs/abi/IMarketplace.json'), 'utf8'));
const verifier = path.join(process.env.AITBC_SOURCE, 'tests/verifier/verify.py');
const coordinator = new Wallet(keys[3]);
const noHash = `0x${'00'.repeat(32)}`;

let net, ethers, provider, customer, asProvider, asCustomer, gpuId;

before(async () => {
  net = await Devnet.start({ periodMs: 1000, marketplace: { coordinators: [coordinator.address] } });
  ethers = new JsonRpcProvider(net.url, undefined, { pollingInterval: 50, cacheTimeout: -1 });
  provider = new Wallet(keys[0], ethers);
  customer = new Wallet(keys[1], ethers);
  asProvider = new Contract(marketplace, abi, new NonceManager(provider));
  asCustomer = new Contract(marketplace, abi, new NonceManager(customer));
});
after(async () => {
  ethers?.destroy();
  await net?.stop();
});

const send = async (sent) => (await sent).wait(1, 20_000);
function eventOf(receipt, name) {
  for (const log of receipt.logs) {
    const parsed = asProvider.interface.parseLog(log);
    if (parsed?.name === name) return parsed.args;
  }
  throw new Error(`no ${name} in the receipt`);
}
const spec = {
  deviceId: 'device-1', model: 'RTX 4090', memoryGb: 24, cudaVersion: '12.4', computeCapability: '8.9', cudaCores: 16384,
  region: 'eu-west', capabilities: ['fp16'], category: 'gpu-rental', attributes: [], pricePerHour: parseEther('3.6'),
  pricingStrategy: 'fixed', refundBps: 5000, minDuration: 1, maxDuration: 86400, interruptible: false,
};

function verify(proof, ...args) {
  const run = spawnSync('python3', ['-B', verifier, ...args.map(String)], { input: JSON.stringify(proof), encoding: 'utf8' });
  return { status: run.status, reason: run.stderr, ...(run.status === 0 ? JSON.parse(run.stdout) : {}) };
}

test('a booking completes by itself, is reviewed, and its trail, settlement and proof agree', async () => {
  await send(asProvider.registerProvider('Nordic GPUs', 'eu-west', 'https://gpus.example'));
  await send(asProvider.stake(provider.address, parseEther('100')));
  gpuId = eventOf(await send(asProvider.registerGpu(spec)), 'GpuRegistered').gpuId;
  const { bookingId } = eventOf(await send(asCustomer.bookGpu(gpuId, 0, 2, parseEther('4'), 'job-7')), 'BookingCreated');
  const id = `bk_${bookingId}`;
  await waitFor('the automatic completion', async () => (await net.rpc('market_getBooking', id)).closed);
  await send(asCustomer.addReview(0, bookingId, 5, 'fast and quiet'));

  const trail = await net.rpc('market_getEvents', id);
  assert.deepEqual(trail.items.map((each) => [each.name, each.transactionType]), [
    ['BookingCreated', 'BOOK'], ['BookingStarted', 'BOOK'], ['BookingClosed', null], ['ReviewAdded', 'REVIEW'],
  ]);
  assert.equal((await net.rpc('market_verifySettlement', id)).consistent, true);
  assert.equal((await net.rpc('market_reconcile')).holds, true);
  const listed = await net.rpc('market_listGpus', 'rtx', null, null, 'eu-west');
  assert.equal(listed.items[0].averageRating, 5);
  assert.equal((await net.rpc('market_listBookings', null, customer.address, null, null, 'completed')).items[0].job, 'job-7');

  // From the block hash alone: what was paid and refunded.
  const block = await net.rpc('eth_getBlockByNumber', 'latest', false);
  const proof = await net.rpc('market_getProof', 'booking', id, block.hash);
  const proven = verify(proof, block.hash, 'booking', bookingId);
  assert.equal(proven.status, 0, proven.reason);
  assert.equal(proven.refundIsRight, true);
  assert.equal(proven.booking.finalState, 'completed');
  assert.equal(proven.booking.customer, customer.address.toLowerCase());
  assert.equal(verify(proof, noHash, 'booking', bookingId).status, 1);
  assert.equal(verify(proof, block.hash, 'booking', bookingId + 1n).status, 1);
  assert.equal(verify({ ...proof, record: null }, block.hash, 'booking', bookingId).status, 1);
  const forged = proof.record.slice(0, -2) + (proof.record.endsWith('00') ? '01' : '00');
  assert.equal(verify({ ...proof, record: forged }, block.hash, 'booking', bookingId).status, 1);
  // Ethereum's own method leads to the same.
  const slot = (await net.rpc('eth_getProof', marketplace, [proof.slot], 'latest')).storageProof[0];
  assert.deepEqual(slot.proof, proof.storageProof);
  assert.equal(BigInt(slot.value), BigInt(keccak256(proof.record)));
  const absent = await net.rpc('market_getProof', 'booking', 'bk_999', block.hash);
  assert.equal(verify(absent, block.hash, 'booking', 999).exists, false);
});

test('a GPU is proven to be free, or taken', async () => {
  const start = BigInt((await ethers.getBlock('latest')).timestamp) + 3600n;
  await send(asCustomer.bookGpu(gpuId, start, 600, parseEther('4'), 'later'));
  const block = await net.rpc('eth_getBlockByNumber', 'latest', false);
  const proof = await net.rpc('market_getProof', 'gpu', `gpu_${gpuId}`, block.hash);
  assert.equal(verify(proof, block.hash, 'free', gpuId, start + 600n, start + 700n).free, true);
  const taken = verify(proof, block.hash, 'free', gpuId, start + 599n, start + 700n);
  assert.equal(taken.free, false);
  assert.equal(taken.taken.length, 1);
});

test('a dutch auction runs down and is bought', async () => {
  const auction = {
    auctionType: 'dutch', title: 'An hour', description: '', gpuId, category: '', duration: 60, lifetime: 300,
    parameters: [
      { name: 'startPrice', value: parseEther('1') }, { name: 'reservePrice', value: parseEther('0.1') },
      { name: 'decrementRate', value: parseEther('0.1') }, { name: 'decrementInterval', value: 1 },
    ],
  };
  const backwards = { ...auction, parameters: [{ name: 'startPrice', value: 1 }, { name: 'reservePrice', value: 2 }] };
  await assert.rejects(asProvider.createAuction.staticCall(backwards), (error) => error.revert !== null);
  const { auctionId } = eventOf(await send(asProvider.createAuction(auction)), 'AuctionCreated');
  const id = `auc_${auctionId}`;
  assert.equal((await net.rpc('market_listAuctions', null, 'dutch', null, 'open')).items[0].id, id);
  const limit = parseEther('0.7');
  await assert.rejects(asCustomer.bidAuction.staticCall(auctionId, limit), (error) => error.revert !== null);
  await waitFor('the price to fall', async () => BigInt((await net.rpc('market_getAuction', id)).currentPrice) <= limit);
  const receipt = await send(asCustomer.bidAuction(auctionId, limit));
  const closed = eventOf(receipt, 'AuctionClosed');
  assert.equal(closed.winner, customer.address);
  assert.ok(closed.price <= limit && closed.price >= parseEther('0.1'));
  assert.equal((await net.rpc('market_getAuction', id)).state, 'sold');
  assert.equal((await net.rpc('market_getTransaction', receipt.hash)).call, 'bidAuction');
});

test('a job is submitted, completed, and its receipt claimed once', async () => {
  const { serviceId } = eventOf(await send(asProvider.createService({
    name: 'Inference', category: 'ai-inference', price: parseEther('1'), description: '', parameters: '', deliveryTime: 0, lifetime: 0,
  })), 'ServiceCreated');
  const job = { type: 'inference', prompt: 'hello', inputDigest: noHash, inputUri: '', model: 'llama', requirements: '' };
  const { jobId } = eventOf(await send(asCustomer.submitJob(job, parseEther('1'), 1, serviceId, 3600)), 'JobSubmitted');
  await send(asProvider.startJob(jobId));
  const result = { digest: keccak256(toUtf8Bytes('hi')), uri: '', inlineData: toUtf8Bytes('hi'), units: 1000 };
  await send(asProvider.completeJob(jobId, result));
  const shown = await net.rpc('market_getJob', `job_${jobId}`);
  assert.equal(shown.state, 'completed');

  const digest = await asProvider.receiptDigest(jobId);
  const sign = (key) => new SigningKey(key).sign(digest).serialized;
  await assert.rejects(asProvider.claimReceipt.staticCall(jobId, sign(keys[0]), [sign(keys[1])]), (error) => error.revert !== null);
  const before = await ethers.getBalance(coordinator.address);
  const claimed = eventOf(await send(asProvider.claimReceipt(jobId, sign(keys[0]), [sign(keys[3])])), 'ReceiptClaimed');
  assert.equal(claimed.minted, 1_000_000n);
  assert.equal((await ethers.getBalance(coordinator.address)) - before, 50_000n);
  await assert.rejects(asProvider.claimReceipt.staticCall(jobId, sign(keys[0]), [sign(keys[3])]), (error) => error.revert?.name === 'ReceiptClaimed');
  const revenue = await net.rpc('market_getRevenue', provider.address, '24h');
  assert.equal(revenue.jobs, 1);
  assert.equal((await net.rpc('market_reconcile')).holds, true);
});

test('the index can be made again with one command and says the same', async () => {
  const questions = [
    ['market_listBookings', null, customer.address], ['market_getEvents', `gpu_${gpuId}`], ['market_getVolume', null, 0, 4_000_000_000],
    ['market_getTransactions', null, null, 50, customer.address],
  ];
  await net.kill('SIGTERM');
  await net.launch();
  const ask = async () => JSON.stringify(await Promise.all(questions.map(([method, ...params]) => net.rpc(method, ...params))));
  const followed = await ask();
  await net.kill('SIGKILL');
  const rebuilt = spawnSync(path.join(binaries, 'aitbc-node'), ['index', 'rebuild', '--data-dir', path.join(net.folder, 'node')], { encoding: 'utf8' });
  assert.equal(rebuilt.status, 0, rebuilt.stderr);
  assert.match(rebuilt.stdout, /complete up to block \d+/);
  await net.launch();
  assert.equal(await ask(), followed);
});
