// Every number that a decision uses, with its reason. Each can be set by itself in EngineOptions.
// "SRE" is the Google SRE book, chapter "Handling Overload"; "Envoy" its circuit_breaker.proto and
// outlier_detection.proto; "AWS" the Builders' Library article on timeouts, retries and back-off.

export interface AttemptSettings {
  /** Calls of upstreams per request. SRE: at most 3. */
  readonly max: number;
  /** First and largest back-off before the same deployment is tried again. AWS: full jitter. */
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** Longest that a request waits, in all, for a deployment to come back. */
  readonly maxWaitMs: number;
}

export interface DeadlineSettings {
  /** TCP and TLS. Envoy: 5 s. */
  readonly connectMs: number;
  /** First content event; a model's time to first token is long, a dead upstream's is longer. */
  readonly firstEventMs: number;
  /** At most, for models that think first and for answers that come as a whole. */
  readonly slowFirstEventMs: number;
  /** Thinking and whole answers may take this much more per token allowed: 20 tokens a second. */
  readonly wholeMsPerToken: number;
  /** Longest silence between events. */
  readonly stallMs: number;
  /** The whole request, all attempts and waits included. */
  readonly totalMs: number;
}

/**
 * How long to wait for the first event while a substitute stands ready. A stall before the first
 * token then costs the caller seconds and not the whole deadline.
 */
export interface PatienceSettings {
  /** Never less: below this, ordinary variance would look like a stall. */
  readonly floorMs: number;
  /** Multiple of the p99 measured so far; a healthy upstream is this late once in thousands. */
  readonly timesP99: number;
  /** Fewer measurements say nothing of a p99. */
  readonly minSamples: number;
  /** Added per token of input: 2,000 tokens a second is slow for reading a prompt. */
  readonly prefillMsPerToken: number;
  /** Used while too little is measured. */
  readonly unmeasuredMs: number;
  /** Never less where the caller asked for reasoning: what was measured is of all requests. */
  readonly reasoningFloorMs: number;
}

export interface CircuitSettings {
  /** Failures in a row that open the circuit. Envoy: 5. */
  readonly consecutiveFailures: number;
  /** ... or this share of at least `minAttempts` in `windowMs`. */
  readonly failureShare: number;
  readonly minAttempts: number;
  readonly windowMs: number;
  /** Open for n times this, n counting openings without recovery. Envoy: 30 s, at most 300 s. */
  readonly openMs: number;
  readonly openMaxMs: number;
  /** The chance that a request is the probe rises from 0 to 1 over this: replicas spread out. */
  readonly probeSpreadMs: number;
  /** A probe that is not over by then no longer keeps others from probing. */
  readonly probeMs: number;
  /** After recovery the share of requests rises from `slowStartShare` to 1 over this. */
  readonly slowStartMs: number;
  readonly slowStartShare: number;
}

export interface HoldSettings {
  /** After a 429 without retry-after; doubles with each that follows, up to the largest. */
  readonly rateLimitMs: number;
  readonly rateLimitMaxMs: number;
  /** A retry-after beyond this is cut: one wrong header must not remove a deployment for good. */
  readonly retryAfterMaxMs: number;
  /** After an exhausted quota that names no time; quotas are refilled by people or by the day. */
  readonly quotaMs: number;
  readonly quotaMaxMs: number;
}

export interface RetryBudgetSettings {
  /** Retries may be this share of the attempts on one deployment in the window. SRE: 10 %. */
  readonly share: number;
  readonly windowMs: number;
  /** ... or up to this many at once, so that little traffic can retry too. Envoy: 3. */
  readonly minConcurrent: number;
}

export interface LatencySettings {
  /** Below this many measurements the configured expectation is believed instead. */
  readonly minSamples: number;
  /** Measurements older than this are forgotten: an upstream that was slow gets its chance. */
  readonly staleMs: number;
  /** Weight of the newest answer in the mean output speed: a memory of about 20 answers. */
  readonly speedWeight: number;
  /** Scores by latency are raised by up to this share at random: near ties share the load. */
  readonly jitter: number;
  /** This share of requests goes to a candidate that was not measured for `exploreAfterMs`. */
  readonly exploreShare: number;
  readonly exploreAfterMs: number;
}

export interface TokenSettings {
  /** Mean output of the Azure LLM inference trace of 2023, conversation: 211 tokens. */
  readonly priorOutputTokens: number;
  /** Weight of the newest answer in the moving means: a memory of about 20 answers. */
  readonly weight: number;
}

export interface SpendSettings {
  /** A day, so that the quiet hours count with the busy ones. */
  readonly windowMs: number;
  /** Fewer charges than this make no share: the first answer would be 100 % of one cloud. */
  readonly minCharges: number;
}

export interface Settings {
  readonly attempts: AttemptSettings;
  readonly deadlines: DeadlineSettings;
  readonly patience: PatienceSettings;
  readonly circuit: CircuitSettings;
  readonly hold: HoldSettings;
  readonly retryBudget: RetryBudgetSettings;
  readonly latency: LatencySettings;
  readonly tokens: TokenSettings;
  readonly spend: SpendSettings;
}

/** Any of the settings; what is absent keeps its default. */
export type SettingsOverrides = { readonly [K in keyof Settings]?: Partial<Settings[K]> };

export const defaults: Settings = {
  attempts: { max: 3, backoffMinMs: 100, backoffMaxMs: 2_000, maxWaitMs: 30_000 },
  deadlines: {
    connectMs: 5_000,
    firstEventMs: 30_000,
    slowFirstEventMs: 600_000,
    wholeMsPerToken: 50,
    stallMs: 60_000,
    totalMs: 1_800_000,
  },
  patience: {
    floorMs: 2_000,
    timesP99: 5,
    minSamples: 20,
    prefillMsPerToken: 0.5,
    unmeasuredMs: 30_000,
    reasoningFloorMs: 120_000,
  },
  circuit: {
    consecutiveFailures: 5,
    failureShare: 0.5,
    minAttempts: 20,
    windowMs: 30_000,
    openMs: 30_000,
    openMaxMs: 300_000,
    probeSpreadMs: 5_000,
    probeMs: 30_000,
    slowStartMs: 30_000,
    slowStartShare: 0.1,
  },
  hold: {
    rateLimitMs: 1_000,
    rateLimitMaxMs: 60_000,
    retryAfterMaxMs: 3_600_000,
    quotaMs: 600_000,
    quotaMaxMs: 86_400_000,
  },
  retryBudget: { share: 0.1, windowMs: 60_000, minConcurrent: 3 },
  latency: {
    minSamples: 5,
    staleMs: 300_000,
    speedWeight: 0.05,
    jitter: 0.1,
    exploreShare: 0.02,
    exploreAfterMs: 60_000,
  },
  tokens: { priorOutputTokens: 211, weight: 0.05 },
  spend: { windowMs: 86_400_000, minCharges: 20 },
};

/** The defaults with some of them replaced. */
export function withDefaults(overrides: SettingsOverrides): Settings {
  return {
    attempts: { ...defaults.attempts, ...overrides.attempts },
    deadlines: { ...defaults.deadlines, ...overrides.deadlines },
    patience: { ...defaults.patience, ...overrides.patience },
    circuit: { ...defaults.circuit, ...overrides.circuit },
    hold: { ...defaults.hold, ...overrides.hold },
    retryBudget: { ...defaults.retryBudget, ...overrides.retryBudget },
    latency: { ...defaults.latency, ...overrides.latency },
    tokens: { ...defaults.tokens, ...overrides.tokens },
    spend: { ...defaults.spend, ...overrides.spend },
  };
}
