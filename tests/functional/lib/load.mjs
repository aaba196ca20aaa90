// Senders that submit signed transfers in JSON-RPC batches and remember which were acknowledged.
import { Wallet, keccak256 } from 'ethers';
import { setTimeout as sleep } from 'node:timers/promises';
import { chainId } from './devnet.mjs';
import { waitFor } from './node_process.mjs';

export class Sender {
  constructor(key, recipient) {
    this.wallet = new Wallet(key);
    this.recipient = recipient;
    this.signed = new Map();      // by nonce: the same nonce is always the same transaction
    this.acknowledged = new Map();  // hash -> nonce
  }

  async transactionOf(nonce) {
    if (!this.signed.has(nonce)) {
      const raw = await this.wallet.signTransaction({
        type: 2, chainId, nonce, to: this.recipient, value: 1n, gasLimit: 21000n,
        maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 9n,
      });
      this.signed.set(nonce, { raw, hash: keccak256(raw) });
    }
    return this.signed.get(nonce);
  }

  // Submits nonces [from, from + count); answers how many were newly acknowledged. Throws when the node is gone.
  async submit(net, from, count) {
    const batch = [];
    for (let nonce = from; nonce < from + count; ++nonce) {
      const { raw } = await this.transactionOf(nonce);
      batch.push({ jsonrpc: '2.0', id: nonce, method: 'eth_sendRawTransaction', params: [raw] });
    }
    let accepted = 0;
    for (const answer of await net.post(batch)) {
      const { hash } = await this.transactionOf(answer.id);
      if (answer.result !== undefined) {
        if (answer.result !== hash) throw new Error('acknowledged under another hash');
        this.acknowledged.set(hash, answer.id);
        ++accepted;
      } else if (!/already known|nonce too low/.test(answer.error.message)) {
        throw Object.assign(new Error(answer.error.message), { refused: true });
      }
    }
    return accepted;
  }
}

// Sends through whichever node runs, until told to stop; every acknowledgement is remembered.
export class Load {
  // net.running: the nodes to choose from
  constructor(net, key) {
    this.net = net;
    this.sender = new Sender(key, Wallet.createRandom().address);
    this.nonce = Infinity;  // then where the account stands: others may have sent from it before
    this.stopped = false;
  }

  start() {
    this.done = (async () => {
      while (!this.stopped) {
        const { running } = this.net;
        const node = running[Math.floor(Math.random() * running.length)];
        try {
          if (node === undefined) throw new Error('nobody runs');
          this.nonce = Math.min(this.nonce, Number(await node.rpc('eth_getTransactionCount', this.sender.wallet.address, 'pending')));
          await this.sender.submit(node, this.nonce, 10);
          this.nonce += 10;
        } catch (error) {
          if (error.refused && !/nonce too high|gap/.test(error.message)) throw error;
        }
        await sleep(20);
      }
    })();
    return this;
  }

  // Every acknowledged transaction is in a block of every running node.
  async finish() {
    this.stopped = true;
    await this.done;
    const last = Math.max(...this.sender.acknowledged.values());
    for (const node of this.net.running)
      await waitFor('inclusion', async () => Number(await node.rpc('eth_getTransactionCount', this.sender.wallet.address, 'latest')) > last, 60_000);
    return this.sender.acknowledged.size;
  }
}

// A small seeded generator, so that a failing run can be repeated.
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
