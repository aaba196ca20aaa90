// Network namespaces for nodes: each has an address of its own behind one of two switches, and the cable between the
// switches can be pulled. Needs the right to make them (root, and a kernel that lets it).
import { spawnSync } from 'node:child_process';

const ip = (...args) => spawnSync('ip', args, { encoding: 'utf8' });

function must(...args) {
  const done = ip(...args);
  if (done.status !== 0) throw new Error(`ip ${args.join(' ')}: ${done.stderr ?? done.error}`);
}

const tag = process.pid.toString(36).slice(-6);
const subnet = `10.${20 + (process.pid % 200)}.0`;

export class Namespaces {
  // undefined where the machine does not allow it.
  static create(count) {
    const made = new Namespaces(count);
    try {
      made.build();
      return made;
    } catch {
      made.destroy();
      return undefined;
    }
  }

  constructor(count) { this.count = count; }

  address(index) { return `${subnet}.${index + 1}`; }
  prefix(index) { return ['ip', 'netns', 'exec', `a${tag}${index}`]; }

  // The first half of the nodes is at switch 0, the rest at switch 1; this process has an address at each.
  build() {
    for (const side of [0, 1]) {
      must('link', 'add', `b${tag}${side}`, 'type', 'bridge');
      must('address', 'add', `${subnet}.${254 - side}/32`, 'dev', `b${tag}${side}`);
      must('link', 'set', `b${tag}${side}`, 'up');
    }
    must('link', 'add', `t${tag}0`, 'type', 'veth', 'peer', 'name', `t${tag}1`);
    for (const side of [0, 1]) {
      must('link', 'set', `t${tag}${side}`, 'master', `b${tag}${side}`);
      must('link', 'set', `t${tag}${side}`, 'up');
    }
    for (let i = 0; i < this.count; ++i) this.attach(i, i < this.count / 2 ? 0 : 1);
  }

  attach(index, side) {
    const name = `a${tag}${index}`;
    must('netns', 'add', name);
    must('link', 'add', `v${tag}${index}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    must('link', 'set', `v${tag}${index}`, 'master', `b${tag}${side}`);
    must('link', 'set', `v${tag}${index}`, 'up');
    must('-n', name, 'address', 'add', `${this.address(index)}/24`, 'dev', 'eth0');
    must('-n', name, 'link', 'set', 'eth0', 'up');
    must('-n', name, 'link', 'set', 'lo', 'up');
    must('route', 'add', `${this.address(index)}/32`, 'dev', `b${tag}${side}`, 'src', `${subnet}.${254 - side}`);
  }

  pull() { must('link', 'set', `t${tag}0`, 'down'); }
  plug() { must('link', 'set', `t${tag}0`, 'up'); }

  destroy() {
    for (let i = 0; i < this.count; ++i) ip('netns', 'delete', `a${tag}${i}`);
    for (const name of [`t${tag}0`, `b${tag}0`, `b${tag}1`]) ip('link', 'delete', name);
  }
}
