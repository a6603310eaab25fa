import { MachineError } from '../base/machine-error.js';
import { estimate, literature, published, type CostParameters } from './cost-parameters.js';

const RSEQ_COMMIT = 'commit "rseq: Introduce restartable sequences system call", v4.18';
const EPYC_FIGURES = 'uncontended primitives on a current EPYC';
const HASWELL_EP =
  'Molka et al., "Cache Coherence Protocol and Memory Performance of the Intel Haswell-EP ' +
  'Architecture", ICPP 2015';
const AGNER_HASWELL = 'A. Fog, "Instruction tables", Haswell';
const X86_BARRIERS = 'arch/x86/include/asm/barrier.h: the compiler alone is told';
const ARM_BARRIERS = 'arch/arm/include/asm/barrier.h: dmb ish, a few cycles with nothing pending';
const CORTEX_A7 = 'ARM Cortex-A7 MPCore TRM (partial dual issue, in order); ARM: 1.9 DMIPS/MHz';
const GCC_A7 = 'GCC, config/arm/cortex-a7.md (load1)';
const ANANDTECH_ROME = 'AnandTech, "AMD Rome Second Generation EPYC Review", memory latency';
const ANANDTECH_ZEN4 = 'AnandTech, "AMD Zen 4 Ryzen 9 7950X Review", core-to-core latency';
const MICROSECOND = 'about 1 us on machines of this class';

/**
 * Intel Xeon E5-2630 v3 (Haswell-EP, 8 cores), at its base clock.
 *
 * Fitted to the table "Reading the CPU number" of the rseq commit, net of its empty loop.
 */
export const XEON_E5_2630V3: CostParameters = {
  name: 'xeon-e5-2630v3',
  description: 'Intel Xeon E5-2630 v3, x86-64, 2.4 GHz (base clock assumed)',
  frequencyMhz: 2400,
  costs: {
    Instruction: literature(0.25, `four instructions a cycle; ${AGNER_HASWELL}`),
    LoadHit: published(0.25, `${RSEQ_COMMIT}: reading rseq cpu_id, 0.0 ns net of the loop`),
    StoreHit: literature(0.75, `one store a cycle; ${AGNER_HASWELL}`),
    Atomic: literature(18, `lock xadd, lock cmpxchg: 18 to 20 cycles; ${AGNER_HASWELL}`),
    FullFence: literature(33, `mfence; ${AGNER_HASWELL}`),
    ReadFence: literature(0, X86_BARRIERS),
    WriteFence: literature(0, X86_BARRIERS),
    MemoryFetch: literature(231, `local memory, 96 ns; ${HASWELL_EP}`),
    RemoteClean: literature(51, `from the shared L3, 21 ns; ${HASWELL_EP}`),
    RemoteDirty: literature(127, `modified in another core of the node, 53 ns; ${HASWELL_EP}`),
    SharedUpgrade: estimate(51, 'one round trip to the L3, as for RemoteClean, without data'),
    NodeCrossing: literature(119, `remote less local memory, 146 - 96 ns; ${HASWELL_EP}`),
    ClockRead: literature(24, `rdtsc; ${AGNER_HASWELL}`),
    CpuNumberRead: published(28.75, `${RSEQ_COMMIT}: lsl, 12.2 ns net`),
    GetcpuCall: published(38, `${RSEQ_COMMIT}: glibc getcpu, 15.8 ns net`),
    Syscall: published(127, `${RSEQ_COMMIT}: getcpu system call, 53.1 ns net`),
    ContextSwitch: estimate(2880, '1.2 us between threads of a process, as lat_ctx reports'),
    Interprocessor: estimate(2400, MICROSECOND),
    MinorFault: estimate(1200, '0.5 us: exception, walk, zeroed page, return'),
    MajorFault: estimate(7200, '3 us: a minor fault, a request to the device, two switches'),
    PageArrival: estimate(240_000, '100 us: a read from a solid-state disk'),
    SignalDelivery: estimate(2400, '1 us, as lat_sig reports for a handled signal'),
    Tick: estimate(2400, MICROSECOND),
    AcquireOrder: literature(0, X86_BARRIERS),
    ReleaseOrder: literature(0, X86_BARRIERS),
    ThreadPointerRead: literature(0, 'the base of a segment, part of the operand'),
  },
};

/**
 * Cubietruck (Allwinner A20: two ARM Cortex-A7 cores).
 *
 * Fitted to the table "Reading the CPU number" of the rseq commit, net of its empty loop.
 */
export const CUBIETRUCK: CostParameters = {
  name: 'cubietruck',
  description: 'Cubietruck, Allwinner A20, ARM Cortex-A7, arm32, 1 GHz (clock assumed)',
  frequencyMhz: 1000,
  costs: {
    Instruction: published(
      1.5,
      `${RSEQ_COMMIT}: lazy registration adds a compare and a branch, 3.1 ns`,
    ),
    LoadHit: literature(0.5, `two cycles to a load's result; ${GCC_A7}`),
    StoreHit: literature(1, CORTEX_A7),
    Atomic: estimate(30, 'ldrex and strex between two dmb'),
    FullFence: estimate(12, ARM_BARRIERS),
    ReadFence: estimate(12, ARM_BARRIERS),
    WriteFence: estimate(12, ARM_BARRIERS),
    MemoryFetch: estimate(150, '150 ns: DDR3 behind an L2 without prefetch'),
    RemoteClean: estimate(25, 'from the shared L2'),
    RemoteDirty: estimate(60, 'from the other core, through the snoop control unit'),
    SharedUpgrade: estimate(25, 'one round trip to the snoop control unit'),
    NodeCrossing: literature(0, 'there is one node'),
    ClockRead: estimate(40, 'mrrc of the virtual counter'),
    CpuNumberRead: estimate(292, 'user mode has no instruction for it: as glibc getcpu'),
    GetcpuCall: published(293.5, `${RSEQ_COMMIT}: glibc getcpu, 293.4 ns net`),
    Syscall: published(223.5, `${RSEQ_COMMIT}: getcpu system call, 226.5 ns net`),
    ContextSwitch: estimate(6000, '6 us: a small core with a virtually tagged first level'),
    Interprocessor: estimate(4000, '4 us'),
    MinorFault: estimate(3000, '3 us'),
    MajorFault: estimate(20_000, '20 us'),
    PageArrival: estimate(1_000_000, '1 ms: a read from an SD card'),
    SignalDelivery: estimate(6000, '6 us'),
    Tick: estimate(5000, '5 us'),
    AcquireOrder: estimate(12, `dmb behind the load; ${ARM_BARRIERS}`),
    ReleaseOrder: estimate(12, `dmb in front of the store; ${ARM_BARRIERS}`),
    ThreadPointerRead: published(4.75, `${RSEQ_COMMIT}: reading rseq cpu_id, 8.3 ns net, less ldr`),
  },
};

/** A current AMD EPYC; the published figures do not name the model. */
export const EPYC: CostParameters = {
  name: 'epyc',
  description: 'AMD EPYC, x86-64, 3.7 GHz (assumed: a plain add of 0.27 ns is then one cycle)',
  frequencyMhz: 3700,
  costs: {
    Instruction: published(0.1875, `${EPYC_FIGURES}: plain add 0.27 ns, as load, add and store`),
    LoadHit: published(0.125, `${EPYC_FIGURES}: plain add 0.27 ns`),
    StoreHit: published(0.3125, `${EPYC_FIGURES}: plain add 0.27 ns`),
    Atomic: published(7.25, `${EPYC_FIGURES}: locked xadd 2.0 ns, locked cmpxchg 2.4 ns`),
    FullFence: estimate(7.25, 'a locked operation on the stack, which is what smp_mb() is'),
    ReadFence: literature(0, X86_BARRIERS),
    WriteFence: literature(0, X86_BARRIERS),
    MemoryFetch: literature(451, `122 ns; ${ANANDTECH_ROME}`),
    RemoteClean: literature(38, `from the shared L3, 10.3 ns; ${ANANDTECH_ROME}`),
    RemoteDirty: literature(63, `within a core complex, 15 to 19 ns; ${ANANDTECH_ZEN4}`),
    SharedUpgrade: estimate(38, 'one round trip to the L3, as for RemoteClean, without data'),
    NodeCrossing: estimate(370, '100 ns to the other socket and back'),
    ClockRead: published(35, `${EPYC_FIGURES}: rdtsc 9.5 ns`),
    CpuNumberRead: estimate(10, 'rdpid: less than sched_getcpu'),
    GetcpuCall: published(11, `${EPYC_FIGURES}: sched_getcpu 3.0 ns`),
    Syscall: estimate(300, '80 ns with mitigations'),
    ContextSwitch: estimate(3700, MICROSECOND),
    Interprocessor: estimate(3700, MICROSECOND),
    MinorFault: estimate(1850, '0.5 us'),
    MajorFault: estimate(11_100, '3 us'),
    PageArrival: estimate(185_000, '50 us: a read from an NVMe disk'),
    SignalDelivery: estimate(3700, MICROSECOND),
    Tick: estimate(3700, MICROSECOND),
    AcquireOrder: literature(0, X86_BARRIERS),
    ReleaseOrder: literature(0, X86_BARRIERS),
    ThreadPointerRead: literature(0, 'the base of a segment, part of the operand'),
  },
};

/** The machines that have a name. */
export const COST_MACHINES: readonly CostParameters[] = [XEON_E5_2630V3, CUBIETRUCK, EPYC];

/**
 * The parameters of a named machine.
 *
 * @throws MachineError ERR_CONFIG when there is no such machine
 */
export function costParametersOf(name: string): CostParameters {
  const machine = COST_MACHINES.find((candidate) => candidate.name === name);
  if (machine !== undefined) return machine;
  const names = COST_MACHINES.map((candidate) => `"${candidate.name}"`).join(', ');
  throw new MachineError('ERR_CONFIG', `expected the cost model of ${names}, got "${name}"`);
}
