import { describe, expect, it } from '@jest/globals';
import { TISSUE } from '../phantom/tissue.ts';
import { createCohortPatient } from './create-cohort-patient.ts';
import { drawOutcome, logHazard, type Prognosis } from './draw-outcome.ts';
import { drawProfile } from './draw-profile.ts';
import { stagesOf } from './stage-of.ts';

const SEEDS = Array.from({ length: 1000 }, (_, i) => 70_000 + i);
const AVERAGE: Prognosis = {
  volume: 25,
  nodalUptake: 8,
  age: 60,
  hpv: false,
  metastatic: false,
};
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('drawProfile', () => {
  const profiles = SEEDS.map(drawProfile);
  const share = (keep: (profile: (typeof profiles)[number]) => boolean) =>
    mean(profiles.map((profile) => (keep(profile) ? 1 : 0)));

  it('gives the same patient for the same seed', () => {
    expect(drawProfile(7)).toEqual(drawProfile(7));
    expect(drawProfile(8)).not.toEqual(drawProfile(7));
  });
  it("leaves values out as often as the challenge's table", () => {
    expect(share((p) => p.missing.has('Performance Status'))).toBeCloseTo(0.4, 1);
    expect(share((p) => p.missing.has('Tobacco Consumption'))).toBeCloseTo(0.33, 1);
    expect(share((p) => !p.hpvKnown)).toBeCloseTo(0.24, 1);
  });
  it('shows HPV in the nodes, with exceptions on both sides', () => {
    const cystic = (hpv: boolean) =>
      mean(
        profiles
          .filter((p) => p.hpv === hpv)
          .map((p) => (p.disease.nodes.some((node) => node.core > 0.7) ? 1 : 0)),
      );
    expect(cystic(true)).toBeGreaterThan(0.85);
    expect(cystic(true)).toBeLessThan(1);
    expect(cystic(false)).toBeLessThan(0.2);
    expect(cystic(false)).toBeGreaterThan(0);
  });
});

describe('drawOutcome', () => {
  it('makes every factor count in its direction', () => {
    expect(logHazard(AVERAGE)).toBe(0);
    expect(logHazard({ ...AVERAGE, volume: 50 })).toBeCloseTo(1.2, 12);
    expect(logHazard({ ...AVERAGE, nodalUptake: 12 })).toBeCloseTo(0.8, 12);
    expect(logHazard({ ...AVERAGE, age: 70 })).toBeCloseTo(0.6, 12);
    expect(logHazard({ ...AVERAGE, hpv: true })).toBe(-1.2);
  });
  it('gives the worse patient less time, on average and not always', () => {
    const days = (patient: Prognosis) => SEEDS.map((seed) => drawOutcome(seed, patient).days);
    const good = days({ ...AVERAGE, hpv: true, volume: 10 });
    const bad = days({ ...AVERAGE, volume: 60 });
    expect(mean(bad)).toBeLessThan(0.6 * mean(good));
    expect(Math.max(...bad)).toBeGreaterThan(mean(good));
  });
  it('censors some and sees others relapse', () => {
    const relapses = mean(SEEDS.map((seed) => (drawOutcome(seed, AVERAGE).relapse ? 1 : 0)));
    expect(relapses).toBeGreaterThan(0.3);
    expect(relapses).toBeLessThan(0.7);
  });
});

describe('stagesOf', () => {
  const lesion = (radius: number, x = 10) => ({
    ...{ centre: [x, 0, 0], radii: [radius, radius, radius] },
    ...{ necrotic: false, suv: 5 },
  });
  const of = (primary: number, ...nodes: [radius: number, x: number][]) => {
    const all = nodes.map(([radius, x]) => lesion(radius, x));
    const lesions = { site: 'larynx', primary: lesion(primary), nodes: all, layers: [] };
    const { t, n } = stagesOf(lesions as unknown as Parameters<typeof stagesOf>[0]);
    return `${t} ${n}`;
  };
  it('goes by the size of the primary, and by number, side and size of the nodes', () => {
    expect(of(9)).toBe('T1 N0');
    expect(of(14, [8, 20])).toBe('T2 N1');
    expect(of(18, [8, 20], [8, -20])).toBe('T3 N2');
    expect(of(22, [16, 20], [8, -20])).toBe('T4 N3');
  });
});

describe('createCohortPatient', () => {
  // The first seed of the held-out set with an HPV-positive, irradiated patient.
  const seed = SEEDS.find((each) => {
    const { hpv, irradiatedHere, disease } = drawProfile(each);
    return hpv && irradiatedHere && disease.nodes.some((node) => node.core > 0.7);
  })!;
  const patient = createCohortPatient(seed);
  const { phantom } = patient;

  it('draws the prescribed lesions', () => {
    const wanted = patient.profile.disease.primary;
    const voxel = phantom.labels.spacing.reduce((a, b) => a * b, 1) / 1000;
    const found = phantom.labels.data.filter((label) => label === 1).length * voxel;
    // Anatomy that is no soft tissue, such as bone, takes a part of it.
    expect(found).toBeGreaterThan(0.4 * wanted.millilitres);
    expect(found).toBeLessThan(1.4 * wanted.millilitres);
    expect(phantom.lesions.layers.some(({ tissue }) => tissue >= TISSUE.nodeCore)).toBe(true);
    expect(patient.prognosis.volume).toBeGreaterThan(found);
  });
  it('plans therapy: the dose is highest in the lesions, on grids of its own', () => {
    const { ct, dose } = phantom.planning!;
    expect(ct.size).not.toEqual(phantom.ct.size);
    expect(dose.spacing).not.toEqual(ct.spacing);
    const most = dose.data.reduce((a, b) => Math.max(a, b), 0);
    expect(most).toBeGreaterThan(60);
    expect(most).toBeLessThanOrEqual(70);
    expect(dose.data.reduce((a, b) => Math.min(a, b), 0)).toBeGreaterThanOrEqual(0);
  });
  it('leaves what the record lacks out of it', () => {
    for (const field of patient.profile.missing) expect(patient.ehr).not.toHaveProperty(field);
    expect(patient.ehr['Age']).toBe(patient.prognosis.age);
  });
});
