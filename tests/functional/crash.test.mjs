// Kills the node with SIGKILL at random moments under load. Every acknowledged transaction is included exactly once,
// balances add up, and the database's hashes and roots recompute.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Wallet } from 'ethers';
import { Devnet, keys, binaries, waitFor } from './lib/devnet.mjs';
import { Sender, seededRandom } from './lib/load.mjs';

const run = promisify(execFile);
const kills = Number(process.env.AITBC_KILLS ?? 12);
const seed = Number(process.env.AITBC_SEED ?? Date.now() % 1_000_000);

async function loadUntilKilled(net, senders, random) {
  const killer = sleep(40 + random() * 700).then(() => net.kill('SIGKILL'));
  let killed = false;
  killer.then(() => { killed = true; });
  await Promise.all(senders.map(async (sender) => {
    try {
      let nonce = Number(await net.rpc('eth_getTransactionCount', sender.wallet.address, 'pending'));
      while (!killed) {
        const count = 1 + Math.floor(random() * 30);
        await sender.submit(net, nonce, count);
        nonce += count;
      }
    } catch (error) {
      if (error.refused) throw error;  // a connection that broke is what we wanted
    }
  }));
  await killer;
}

test(`acknowledged transactions survive ${kills} kills (AITBC_SEED=${seed})`, { timeout: 540_000 }, async () => {
  const random = seededRandom(seed);
  const net = await Devnet.start({ periodMs: 100 });
  const senders = keys.slice(0, 3).map((key) => new Sender(key, Wallet.createRandom().address));
  try {
    for (let round = 0; round < kills; ++round) {
      await loadUntilKilled(net, senders, random);
      await net.launch();
      for (const sender of senders) {
        // Nothing acknowledged may be unknown: it is in a block or in the pool.
        const hashes = [...sender.acknowledged.keys()].slice(-200);
        if (hashes.length === 0) continue;  // killed before anything was acknowledged
        const answers = await net.post(hashes.map((hash, id) => ({ jsonrpc: '2.0', id, method: 'eth_getTransactionByHash', params: [hash] })));
        for (const answer of answers) assert.ok(answer.result, `lost ${hashes[answer.id]} (round ${round})`);
      }
    }
    let total = 0;
    for (const sender of senders) {
      total += sender.acknowledged.size;
      const last = Math.max(...sender.acknowledged.values());
      // All that the pool holds, too: the last kill may have cut off answers about transactions that were kept.
      await waitFor('inclusion', async () => {
        const [latest, pending] = await Promise.all(['latest', 'pending'].map(async (at) =>
          Number(await net.rpc('eth_getTransactionCount', sender.wallet.address, at))));
        return latest > last && latest === pending;
      }, 60_000);
    }
    assert.ok(total > kills, `only ${total} transactions were acknowledged`);

    const head = Number(await net.rpc('eth_blockNumber'));
    const seen = new Map();
    let fees = 0n;
    for (let height = 1; height <= head; ++height) {
      const hex = '0x' + height.toString(16);
      const block = await net.rpc('eth_getBlockByNumber', hex, false);
      for (const hash of block.transactions) {
        assert.ok(!seen.has(hash), `${hash} was included twice`);
        seen.set(hash, height);
      }
      for (const receipt of await net.rpc('eth_getBlockReceipts', hex)) {
        assert.equal(receipt.status, '0x1');
        fees += BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice);
      }
    }
    let spent = 0n;
    let included = 0n;
    for (const sender of senders) {
      for (const hash of sender.acknowledged.keys()) assert.ok(seen.has(hash), `${hash} was acknowledged and never included`);
      const count = BigInt(await net.rpc('eth_getTransactionCount', sender.wallet.address, 'latest'));
      assert.equal(BigInt(await net.rpc('eth_getBalance', sender.recipient, 'latest')), count, 'each transfer moved one unit, once');
      included += count;
      spent += 10n ** 24n - count - BigInt(await net.rpc('eth_getBalance', sender.wallet.address, 'latest'));
    }
    assert.equal(included, BigInt(seen.size), 'the blocks hold what the senders\' nonces count');
    assert.equal(spent, fees, 'what the senders lost beyond their transfers is what the receipts charged');
    await net.kill('SIGTERM');
    const check = await run(path.join(binaries, 'aitbc-node'), ['db', 'check', '--data-dir', path.join(net.folder, 'node')]);
    assert.match(check.stdout, /^ok: /);
  } finally {
    await net.stop();
  }
});
