import { ProgramBuilder } from '@rseqlab/sim-machine';

type Operands = Parameters<ProgramBuilder['instruction']>[1];

/** One instruction as it was asked for, not yet a word. */
export interface RecordedInstruction extends Operands {
  readonly mnemonic: string;
}

/** A builder that remembers what it was told to write. */
export class RecordingBuilder extends ProgramBuilder {
  readonly recorded: RecordedInstruction[] = [];
  /** Label to the index of the instruction behind it. */
  readonly labels = new Map<string, number>();

  override label(name: string): this {
    this.labels.set(name, this.recorded.length);
    return super.label(name);
  }

  override instruction(...[mnemonic, operands]: Parameters<ProgramBuilder['instruction']>): this {
    this.recorded.push({ mnemonic, ...operands });
    return super.instruction(mnemonic, operands);
  }
}
