import type { AlertPoint, ChannelReport, Importance, Incident, IncidentDecision, MadeDecision } from '../../shared/alert.ts';
import type { LocalText } from '../../shared/language.ts';
import type { Transaction } from '../state/state.ts';

/** Something to tell, once. */
export interface AlertEvent {
  /** The same key is told once, whoever sends it and how often: `schedule/promo/2026-11-23T06:00Z/failed`. */
  key: string;
  /** A channel of channels.yaml; the first one there when absent or gone. */
  channel?: string;
  tone: 'trouble' | 'recovered' | 'news';
  title: LocalText;
  lines?: LocalText[];
  /** An address that begins with `/` is this backend's own. */
  links?: { label: LocalText; address: string }[];
  /** Whom to call, in the channel's own words (`@here`, `U024BE7LH`). */
  mention?: string;
}

/** One series in one bucket, as a detector sees it. */
export interface Finding {
  /** The series' name inside its monitor; '' when it has but one. */
  series: string;
  /** For people: "Total events", "Payments". */
  title: LocalText;
  direction: 'up' | 'down';
  /** `drop`, `spike`, `shift`, `drift`, `vanished`, … : a series may have one open incident of each kind and direction. */
  kind: string;
  /** From 1 on it is an alert; below .6 the series is back. */
  score: number;
  since: Date;
  value: number | null;
  low: number | null;
  high: number | null;
  /** "about once in three years". */
  unusual?: LocalText;
  /** Where it comes from, when it is honest to name one. */
  driver?: LocalText;
  /** What the calendar knows about the time just before. */
  before?: LocalText[];
  points: AlertPoint[];
  /** Series (`monitor/series`) whose own incident in the same direction explains this one, such as the total of all events. */
  parents?: string[];
}

/** One monitor's look at one bucket. Reported again it changes nothing. */
export interface Evaluation {
  monitor: string;
  /** Former ids: what is open under them goes on under the new one. */
  formerIds?: string[];
  title: LocalText;
  channel?: string;
  owner?: string;
  importance: Importance;
  /** Called when it is critical. */
  mention?: string;
  /** What to look at first. */
  check?: LocalText;
  /** Begin of the bucket. */
  bucket: Date;
  /** Everything with a score of .6 and more; what is scored and not here is quiet. */
  findings: Finding[];
  /** How many series had a score at all. */
  scored: number;
  /** Series that could not be scored: their incidents stay as they are. */
  unknown?: string[];
  /** Series whose new level has become normal. */
  absorbed?: string[];
  /** The data is late since then: drops are not to be believed, the lateness itself is told. */
  lateSince?: Date;
}

/** What people hear, and what they answer. Delivery goes on by itself, in order, whatever dies. */
export interface Alerts {
  /** Resolves once it is kept; in the caller's transaction when one is given, so that the deed and its news are one. */
  notify(event: AlertEvent, transaction?: Transaction): Promise<void>;
  /** Everything that was evaluated in one go: what belongs together becomes one message a channel. */
  report(evaluations: Evaluation[]): Promise<void>;
  /** Open ones first, newest first. */
  incidents(options?: { monitor?: string; open?: boolean; limit?: number }): Promise<Incident[]>;
  incident(id: string): Promise<Incident | undefined>;
  decide(id: string, decision: IncidentDecision, person: string): Promise<Incident>;
  /** What detectors must know of a monitor's series. */
  decisions(monitor: string): Promise<MadeDecision[]>;
  channels(): Promise<ChannelReport[]>;
  /** The incident behind `<id>.<signature>` of a message's link; Problem `link_gone` for all that is wrong with it. */
  openLink(address: string): Promise<Incident>;
  /** Sends a trial message at once, past waiting ones, also over a channel that was found broken. Problem when it is not taken. */
  test(channel: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
