// The way of an alert through the aggregator, top to bottom. The store keeps what comes out in the same transaction.
import { admit } from './admit.ts';
import { deduplicate } from './deduplicate.ts';
import { enrich } from './enrich.ts';
import { type Flight, type Known, newFlight, type Stage, type Submission } from './flight.ts';
import { regroup } from './regroup.ts';
import { sequence } from './sequence.ts';
import { tally } from './tally.ts';

export const STAGES: readonly Stage[] = [
  admit, //       may it be here at all: the authority's scope and dates, the closed schema
  sequence, //    did everything come that the sensor numbered
  deduplicate, // was it kept before
  enrich, //      body, direction, arrival, group
  regroup, //     joins its group, which may open anew
  tally, //       counts for the charts
];

/** Runs batches that arrived together through all stages. Nothing is written: the flight says what to keep. */
export async function pass(submissions: readonly Submission[], known: Known): Promise<Flight> {
  const flight = newFlight(submissions);
  for (const stage of STAGES) await stage(flight, known);
  return flight;
}
