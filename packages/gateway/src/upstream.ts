// One deployment as the gateway calls it: its target, its cloud's adapter, its connections.

import type { DialectName, Operation, TargetModel, WholeDialect } from '@entrepot/dialects/dialect';
import type { Address, Carriage, Cloud } from './clouds/cloud.ts';
import { spokenDialects } from './clouds/spoken-dialects.ts';
import type { Target } from './config/target.ts';
import { dialectOf } from './dialects.ts';
import type { Connections } from './http1/connections.ts';
import type { Origins } from './origins.ts';

export class Upstream {
  readonly target: Target;
  readonly cloud: Cloud;
  /** What encoders must know of the model. */
  readonly model: TargetModel;
  readonly #origins: Origins;
  /** In the cloud's order of preference. */
  readonly #dialects: ReadonlyMap<DialectName, WholeDialect>;
  readonly #preferred = new Map<Operation, WholeDialect>();

  constructor(target: Target, cloud: Cloud, origins: Origins) {
    const { offer } = target.deployment;
    const spoken = spokenDialects(cloud, offer, target.kind ?? null).map(dialectOf);
    if (spoken.length === 0) throw new Error(`cloud ${cloud.name} speaks no dialect`);
    this.target = target;
    this.cloud = cloud;
    this.#origins = origins;
    this.#dialects = new Map(spoken.map(dialect => [dialect.name, dialect]));
    for (const dialect of spoken.toReversed()) this.#preferred.set(dialect.operation, dialect);
    this.model = {
      name: target.modelName,
      vendor: offer.model.split('/')[0] ?? '',
      maxOutputTokens: offer.maxOutputTokens,
      reasoning: offer.features.includes('reasoning'),
      jsonSchema: offer.features.includes('json-schema'),
      adaptiveThinking: target.flags.adaptiveThinking,
      rejectsSampling: target.flags.rejectsSampling,
      host: cloud.habits?.(target),
    };
  }

  get id(): string {
    return this.target.deployment.id;
  }

  /**
   * The caller's own dialect where this deployment speaks it, else its most faithful one for the
   * operation. Throws Error where it has none: the engine rules such a deployment out.
   */
  dialectFor(caller: WholeDialect): WholeDialect {
    const found = this.#dialects.get(caller.name) ?? this.#preferred.get(caller.operation);
    if (found === undefined) throw new Error(`${this.id} does not ${caller.operation}`);
    return found;
  }

  speaks(dialect: DialectName): boolean {
    return this.#dialects.has(dialect);
  }

  address(dialect: DialectName, stream: boolean): Address {
    return this.cloud.address(this.target, dialect, stream);
  }

  carriage(dialect: DialectName): Carriage | null {
    return this.cloud.carriage?.(dialect) ?? null;
  }

  connections(origin: string): Connections {
    return this.#origins.of(origin);
  }
}
