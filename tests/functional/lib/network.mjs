// Several validators in processes of their own, each of which a test can kill, start again, cut off or wipe.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import assert from 'node:assert/strict';
import { Devnet, temporaryFolder } from './devnet.mjs';
import { NodeProcess, waitFor } from './node_process.mjs';

export class NetworkNode extends NodeProcess {
  constructor(folder) {
    super();
    this.folder = folder;
  }

  // prefix: a command to run it under; host: where it is reached, when that is not where it listens
  async launch(flags = [], { prefix, host } = {}) {
    const port = this.port === undefined ? [] : ['--rpc-port', String(this.port)];
    await this.spawn(['run', '--config', path.join(this.folder, 'aitbc-node.toml'), ...port, ...flags],
      path.join(this.folder, 'ready'), prefix);
    if (host !== undefined) this.url = `http://${host}:${this.port}`;
    this.enode = (await this.rpc('admin_nodeInfo')).enode;
  }

  async wipe() { await rm(path.join(this.folder, 'db'), { recursive: true, force: true }); }

  async address() {
    const log = await waitFor('the start', () => this.log.match(/"validator":"(0x[0-9a-fA-F]{40})"/));
    return log[1].toLowerCase();
  }
}

export class Network {
  constructor(folder, nodes) {
    this.folder = folder;
    this.nodes = nodes;
  }

  // The devnet command makes keys, genesis and configurations; then every node is started by itself.
  static async start({ validators = 4, periodMs = 200, flags = [], launch = true } = {}) {
    const devnet = await Devnet.start({ validators, periodMs, flags });
    await devnet.kill('SIGTERM');
    const nodes = Array.from({ length: validators }, (_, i) => new NetworkNode(path.join(devnet.folder, 'node', `validator-${i + 1}`)));
    const net = new Network(devnet.folder, nodes);
    if (launch) await Promise.all(nodes.map((node) => node.launch()));
    return net;
  }

  get running() { return this.nodes.filter((node) => node.isRunning); }

  async stop() {
    await Promise.all(this.running.map((node) => node.kill('SIGTERM')));
    await rm(this.folder, { recursive: true, force: true });
  }

  // Resolves once every running node has at least this height.
  async reach(height, timeoutMs = 60_000) {
    for (const node of this.running)
      await waitFor(`block ${height} at ${node.folder}`, async () => (await node.height()) >= height, timeoutMs);
  }

  // Every running node gets `count` blocks more than the highest has now.
  async advance(count, timeoutMs) {
    const heights = await Promise.all(this.running.map((node) => node.height()));
    await this.reach(Math.max(...heights) + count, timeoutMs);
  }

  // No two running nodes have different blocks or states at any height, up to the lowest head.
  async assertOneChain(from = 1) {
    const heights = await Promise.all(this.running.map((node) => node.height()));
    const last = Math.min(...heights);
    for (let first = from; first <= last; first += 500) {
      const batch = [];
      for (let height = first; height <= Math.min(last, first + 499); ++height)
        batch.push({ jsonrpc: '2.0', id: height, method: 'eth_getBlockByNumber', params: ['0x' + height.toString(16), false] });
      const chains = await Promise.all(this.running.map(async (node) => (await node.post(batch)).map(({ result }) => `${result.hash} ${result.stateRoot}`)));
      for (const chain of chains) assert.deepEqual(chain, chains[0], 'two nodes have different blocks at one height');
    }
    return last;
  }
}
