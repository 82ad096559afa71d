// services.jsonl and regions.jsonl: who sells, and where.

import type { Region, Service } from '../catalog.ts';
import { Fields, type Place } from '../fields.ts';
import type { Cloud } from '../offer.ts';
import type { Problem } from '../problem.ts';

export const clouds: readonly Cloud[] = ['aws', 'azure', 'google', 'openai', 'anthropic', 'self'];

const serviceFields = [
  'id',
  'cloud',
  'name',
  'slaAvailability',
  'slaScope',
  'slaVendors',
  'slaSource',
  'slaSeenOn',
  'slaConflicts',
];

export function readService(value: unknown, place: Place, problems: Problem[]): Service {
  const fields = new Fields(value, serviceFields, place, problems);
  const slaAvailability = fields.fractionOrNull('slaAvailability');
  return {
    id: fields.text('id'),
    cloud: fields.oneOf('cloud', clouds),
    name: fields.text('name'),
    slaAvailability,
    slaScope: fields.textOrNull('slaScope'),
    slaVendors: fields.has('slaVendors') ? fields.texts('slaVendors') : null,
    sla:
      slaAvailability === null
        ? null
        : { source: fields.text('slaSource'), seenOn: fields.date('slaSeenOn') },
    slaConflicts: fields
      .objects('slaConflicts', ['availability', 'source', 'seenOn'])
      .map(claim => ({
        availability: claim.fractionOrNull('availability') ?? 0,
        source: claim.text('source'),
        seenOn: claim.date('seenOn'),
      })),
  };
}

export function readRegion(value: unknown, place: Place, problems: Problem[]): Region {
  const fields = new Fields(value, ['id', 'cloud', 'name', 'residency'], place, problems);
  return {
    id: fields.text('id'),
    cloud: fields.has('cloud') ? fields.oneOf('cloud', clouds) : null,
    name: fields.text('name'),
    residency: fields.textOrNull('residency'),
  };
}
