// One GPU from registration to settlement and review, with nothing but the generated ABI: by ethers, and again by viem.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { JsonRpcProvider, WebSocketProvider, Wallet, Contract, NonceManager, parseEther, id as topicOf } from 'ethers';
import { createPublicClient, createWalletClient, defineChain, http, webSocket, BaseError, ContractFunctionRevertedError } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import WebSocket from 'ws';
import { Devnet, keys, chainId, marketplace, waitFor } from './lib/devnet.mjs';
import { verifyAccount } from './lib/proof.mjs';

globalThis.WebSocket ??= WebSocket;
const abi = JSON.parse(readFileSync(path.join(process.env.AITBC_SOURCE, 'docs/abi/IMarketplace.json'), 'utf8'));

let net, ethers, viem;
before(async () => { net = await Devnet.start({ periodMs: 1000 }); });
after(async () => {
  ethers?.destroy();
  await net?.stop();
});

const spec = (deviceId, changes = {}) => ({
  deviceId, model: 'RTX 4090', memoryGb: 24, cudaVersion: '12.4', computeCapability: '8.9', cudaCores: 16384, region: 'eu-west',
  capabilities: ['fp16', 'int8'], category: 'gpu-rental', attributes: [{ key: 'rack', value: 'r7' }],
  pricePerHour: parseEther('3.6'), pricingStrategy: 'fixed', refundBps: 5000, minDuration: 1, maxDuration: 86400,
  interruptible: false, ...changes,
});

// What balances must add up to: the contract's own balance is exactly what it holds for others.
async function checkConservation() {
  const call = async (method, ...params) => net.rpc(method, ...params);
  const contract = new Contract(marketplace, abi, ethers);
  const totals = await contract.getTotals();
  assert.equal(BigInt(await call('eth_getBalance', marketplace, 'latest')), totals.held);
}

function eventOf(receipt, contract, name) {
  for (const log of receipt.logs) {
    const parsed = contract.interface.parseLog(log);
    if (parsed?.name === name) return parsed.args;
  }
  throw new Error(`no ${name} in the receipt`);
}

test('ethers: register, book, complete by itself, review; bid, accept, release; reverts; logs', async () => {
  ethers = new JsonRpcProvider(net.url, undefined, { pollingInterval: 50, cacheTimeout: -1 });
  const provider = new Wallet(keys[0], ethers);
  const customer = new Wallet(keys[1], ethers);
  const asProvider = new Contract(marketplace, abi, new NonceManager(provider));
  const asCustomer = new Contract(marketplace, abi, new NonceManager(customer));
  const send = async (sent) => (await sent).wait(1, 20_000);

  await send(asProvider.registerProvider('Nordic GPUs', 'eu-west', 'https://gpus.example'));
  await assert.rejects(asProvider.registerGpu.staticCall(spec('early')), (error) => error.revert?.name === 'StakeTooLow');
  await send(asProvider.stake(provider.address, parseEther('100')));
  const registered = eventOf(await send(asProvider.registerGpu(spec('device-1'))), asProvider, 'GpuRegistered');
  const gpuId = registered.gpuId;
  await assert.rejects(asProvider.registerGpu.staticCall(spec('device-1')), (error) => error.revert?.name === 'DeviceAlreadyRegistered');
  await assert.rejects(asProvider.bookGpu.staticCall(gpuId, 0, 10, parseEther('4'), ''), (error) => error.revert?.name === 'OwnGpu');
  await assert.rejects(asCustomer.bookGpu.staticCall(gpuId, 0, 10, parseEther('3'), ''), (error) => error.revert?.name === 'PriceAboveMaximum');
  await assert.rejects(asCustomer.bookGpu.estimateGas(gpuId, 0, 10, parseEther('3'), ''), { code: 'CALL_EXCEPTION' });

  // A booking of three seconds: it starts, ends and pays by itself.
  const before = await ethers.getBalance(customer.address);
  const bookingReceipt = await send(asCustomer.bookGpu(gpuId, 0, 3, parseEther('3.6'), 'job-7'));
  const booked = eventOf(bookingReceipt, asCustomer, 'BookingCreated');
  assert.equal(booked.locked, parseEther('0.003'));
  await assert.rejects(asCustomer.addReview.staticCall(0, booked.bookingId, 5, 'too soon'), (error) => error.revert?.name === 'NotFinished');
  const closed = await waitFor('the automatic completion', async () => (await asCustomer.queryFilter(asCustomer.filters.BookingClosed(booked.bookingId), 0))[0]);
  assert.equal(closed.args.usedSeconds, 3n);
  assert.equal(closed.args.paid + closed.args.fee + closed.args.refund, parseEther('0.003'));
  assert.equal(closed.args.refund, 0n);
  assert.equal((await asCustomer.getBooking(booked.bookingId)).state, 2n);
  const spentGas = bookingReceipt.gasUsed * bookingReceipt.gasPrice;
  assert.equal(before - await ethers.getBalance(customer.address), parseEther('0.003') + spentGas);
  // The log of the completion belongs to the block's own pseudo-transaction, whose receipt can be read.
  const systemReceipt = await net.rpc('eth_getTransactionReceipt', closed.transactionHash);
  assert.ok(systemReceipt.logs.some((log) => log.topics[0] === topicOf('BookingClosed(uint64,uint64,address,uint8,uint64,uint256,uint256,uint256)')));

  await send(asCustomer.addReview(0, booked.bookingId, 5, 'fast and quiet'));
  await assert.rejects(asCustomer.addReview.staticCall(0, booked.bookingId, 4, 'again'), (error) => error.revert?.name === 'AlreadyReviewed');
  assert.equal((await asCustomer.getGpu(gpuId)).gpu.ratingSum, 5n);

  // A bid becomes a booking, which its customer releases early: half of the unused time comes back.
  const placed = eventOf(await send(asCustomer.placeBid(0, gpuId, parseEther('3.6'), 1, 3600, 'one hour', 0)), asCustomer, 'BidPlaced');
  const accepted = eventOf(await send(asProvider.acceptBid(placed.bidId)), asProvider, 'BidAccepted');
  assert.ok(accepted.bookingId > booked.bookingId);
  const released = eventOf(await send(asCustomer.releaseBooking(accepted.bookingId)), asCustomer, 'BookingClosed');
  assert.equal(released.paid + released.fee + released.refund, parseEther('3.6'));
  assert.ok(released.refund > parseEther('1.7') && released.refund <= parseEther('1.8'));
  await assert.rejects(asCustomer.settleBooking.staticCall(accepted.bookingId), (error) => error.revert !== null);
  await checkConservation();

  const proof = await net.rpc('eth_getProof', marketplace, [], 'latest');
  const block = await net.rpc('eth_getBlockByNumber', 'latest', false);
  assert.equal(verifyAccount(block.stateRoot, proof).storageHash, proof.storageHash);
});

test('viem: a second GPU, watched over WebSocket', async () => {
  const chain = defineChain({
    id: chainId, name: 'aitbc devnet', nativeCurrency: { name: 'AIT', symbol: 'AIT', decimals: 18 }, rpcUrls: { default: { http: [net.url] } },
  });
  viem = createPublicClient({ chain, transport: http(), pollingInterval: 50, cacheTime: 0 });
  const wallet = (key) => createWalletClient({ chain, account: privateKeyToAccount(key), transport: http() });
  const [provider, customer] = [wallet(keys[2]), wallet(keys[3])];
  const live = createPublicClient({ chain, transport: webSocket(net.wsUrl) });
  const events = [];
  const stop = live.watchContractEvent({ address: marketplace, abi, onLogs: (logs) => events.push(...logs.map((log) => log.eventName)) });
  const call = async (who, functionName, args) => {
    const { request } = await viem.simulateContract({ address: marketplace, abi, functionName, args, account: who.account });
    const receipt = await viem.waitForTransactionReceipt({ hash: await who.writeContract(request) });
    assert.equal(receipt.status, 'success');
    return receipt;
  };
  try {
    await live.getBlockNumber();
    await call(provider, 'registerProvider', ['Baltic GPUs', 'eu-north', 'https://baltic.example']);
    await call(provider, 'stake', [provider.account.address, parseEther('100')]);
    await call(provider, 'registerGpu', [spec('device-2', { pricePerHour: parseEther('7.2') })]);
    const logs = await viem.getContractEvents({ address: marketplace, abi, eventName: 'GpuRegistered', fromBlock: 0n });
    const gpuId = logs.at(-1).args.gpuId;
    await assert.rejects(
      viem.simulateContract({ address: marketplace, abi, functionName: 'bookGpu', args: [gpuId, 0n, 5n, 1n, ''], account: customer.account }),
      (error) => error instanceof BaseError
        && error.walk((each) => each instanceof ContractFunctionRevertedError)?.data?.errorName === 'PriceAboveMaximum');
    await call(customer, 'bookGpu', [gpuId, 0n, 2n, parseEther('8'), 'render']);
    await waitFor('the completion over WebSocket', () => events.includes('BookingClosed'));
    assert.ok(events.includes('BookingCreated') && events.includes('GpuRegistered'));
    const closed = await viem.getContractEvents({ address: marketplace, abi, eventName: 'BookingClosed', fromBlock: 0n });
    await call(customer, 'addReview', [0, closed.at(-1).args.bookingId, 4, 'good']);
    await checkConservation();
  } finally {
    stop();
    (await live.transport.getRpcClient()).close();
  }
});

test('a call with value, unknown calls and garbage are refused by name', async () => {
  const customer = new Wallet(keys[1], ethers);
  const failing = async (request) => net.rpc('eth_call', { from: customer.address, to: marketplace, ...request }, 'latest');
  await assert.rejects(failing({ data: '0x12345678' }), (error) => error.code === 3 && error.data.startsWith(topicOf('UnknownCall(bytes4)').slice(0, 10)));
  await assert.rejects(failing({ data: '0x' }), (error) => error.code === 3);
  await assert.rejects(failing({ data: '0x12345678', value: '0x1' }), (error) => error.code === 3);
});
