import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Topology, type TopologyConfig } from '../../src/cpu/topology.js';

describe('Topology', () => {
  it('is one CPU on one node when nothing is said', () => {
    const topology = new Topology();
    expect(topology.cpus).toEqual([0]);
    expect(topology.nodeOf(0)).toBe(0);
    expect(topology.online.toString()).toBe('0');
  });

  it('takes sparse ids, and masks within one another', () => {
    const topology = new Topology({ cpus: '0-3,8', present: '0-2,8', online: [0, 8] });
    expect(topology.cpus).toEqual([0, 1, 2, 3, 8]);
    expect(topology.cpuLimit).toBe(9);
    expect(topology.present.toString()).toBe('0-2,8');
    expect(topology.online.toString()).toBe('0,8');
    expect(topology.nodeOf(4)).toBe(-1);
    expect(topology.nodeOf(100)).toBe(-1);
  });

  it('has all possible CPUs present and all present ones online unless told', () => {
    const topology = new Topology({ cpus: 4, present: '0-1' });
    expect(topology.online.toString()).toBe('0-1');
  });

  it('deals CPUs out to nodes in equal runs', () => {
    const topology = new Topology({ cpus: 5, nodes: 2 });
    expect(topology.nodes.map(String)).toEqual(['0-2', '3-4']);
    expect(topology.cpus.map((cpu) => topology.nodeOf(cpu))).toEqual([0, 0, 0, 1, 1]);
  });

  it('takes the nodes as they are listed', () => {
    const topology = new Topology({ cpus: 4, nodes: ['0,2', [1, 3]] });
    expect([0, 1, 2, 3].map((cpu) => topology.nodeOf(cpu))).toEqual([0, 1, 0, 1]);
  });

  it('puts every CPU into exactly one node, however they are dealt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), (cpus, draw) => {
        const nodes = 1 + (draw % cpus);
        const topology = new Topology({ cpus, nodes });
        const counts = topology.nodes.map(({ count }) => count);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(cpus);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        for (const [node, mask] of topology.nodes.entries())
          for (const cpu of mask) expect(topology.nodeOf(cpu)).toBe(node);
      }),
    );
  });

  it.each<[string, TopologyConfig, string]>([
    ['no CPU', { cpus: 0 }, 'expected at least 1 CPU, got 0 CPUs'],
    ['an empty list', { cpus: '' }, 'expected at least 1 CPU, got 0 CPUs'],
    ['too many CPUs', { cpus: 5000 }, 'expected 0 to 4096 CPUs, got 5000'],
    ['half a CPU', { cpus: 1.5 }, 'expected 0 to 4096 CPUs, got 1.5'],
    ['an id out of range', { cpus: [0, 4096] }, 'expected CPU numbers 0 to 4095, got 4096'],
    ['an id twice', { cpus: [0, 1, 0] }, 'expected each CPU once, got CPU 0 twice'],
    [
      'a present CPU that is not possible',
      { cpus: 2, present: '0-2' },
      'expected present CPUs among the possible ones (0-1), got "0-2"',
    ],
    [
      'an online CPU that is not present',
      { cpus: 4, present: '0-1', online: '2' },
      'expected online CPUs among the present ones (0-1), got "2"',
    ],
    ['no CPU online', { cpus: 2, online: '' }, 'expected at least 1 online CPU, got none'],
    ['no node', { cpus: 2, nodes: 0 }, 'expected 1 to 4096 nodes, got 0'],
    ['an empty list of nodes', { cpus: 2, nodes: [] }, 'expected at least 1 node, got 0 nodes'],
    [
      'more nodes than CPUs',
      { cpus: 2, nodes: 3 },
      'expected a CPU for every node, got 3 nodes for 2 CPUs',
    ],
    [
      'an empty node',
      { cpus: 2, nodes: ['0-1', ''] },
      'expected a CPU in every node, got node 1 empty',
    ],
    [
      'a CPU in two nodes',
      { cpus: 3, nodes: ['0-1', '1-2'] },
      'expected each CPU in one node, got CPU 1 in nodes 0 and 1',
    ],
    [
      'a CPU in no node',
      { cpus: 3, nodes: ['0', '2'] },
      'expected each CPU in one node, got CPU 1 in none',
    ],
    [
      'a node with a CPU that is not possible',
      { cpus: 2, nodes: ['0-1', '5'] },
      'expected node 1 CPUs among the possible ones (0-1), got "5"',
    ],
  ])('refuses %s with ERR_CONFIG and says why', (_, config, message) => {
    let error: unknown;
    try {
      new Topology(config);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: 'MachineError', code: 'ERR_CONFIG', message });
  });
});
