/** What a voxel of the patient is made of. 0 is the room's air. */
export const TISSUE = {
  outside: 0,
  skin: 1,
  fat: 2,
  muscle: 3,
  cortical: 4,
  marrow: 5,
  grey: 6,
  white: 7,
  fluid: 8,
  cord: 9,
  airway: 10,
  mucosa: 11,
  cartilage: 12,
  disc: 13,
  tooth: 14,
  thyroid: 15,
  parotid: 16,
  submandibular: 17,
  tonsil: 18,
  tongue: 19,
  vessel: 20,
  eye: 21,
  lens: 22,
  lung: 23,
  laryngeal: 24,
  brownFat: 25,
  chewing: 26,
  reactiveNode: 27,
  metal: 28,
  tableShell: 29,
  foam: 30,
  connective: 31,
  tumour: 32,
  tumourCore: 33,
  /** The nodes: 34 + i for the rim of node i, 44 + i for its core. */
  node: 34,
  nodeCore: 44,
} as const;

/** The most involved lymph nodes one phantom can have. */
export const MAX_NODES = 10;

/** How a tissue looks: mean and texture in HU, mean in SUV and its spread between patients. */
export interface Appearance {
  readonly hu: number;
  readonly texture: number;
  readonly suv: number;
  readonly spread: number;
}

const look = (hu: number, texture: number, suv: number, spread: number): Appearance => ({
  hu,
  texture,
  suv,
  spread,
});

/**
 * CT values are those of textbooks at 120 kV with contrast medium; uptake is the usual range of
 * FDG an hour after injection. Spread is relative.
 */
export const APPEARANCE: ReadonlyMap<number, Appearance> = new Map([
  [TISSUE.outside, look(-1000, 0, 0, 0)],
  [TISSUE.skin, look(20, 10, 0.5, 0.2)],
  [TISSUE.fat, look(-100, 8, 0.3, 0.2)],
  [TISSUE.muscle, look(58, 9, 0.8, 0.25)],
  [TISSUE.cortical, look(1050, 120, 0.5, 0.2)],
  [TISSUE.marrow, look(280, 60, 1.3, 0.25)],
  [TISSUE.grey, look(38, 4, 9.5, 0.25)],
  [TISSUE.white, look(30, 4, 4.2, 0.2)],
  [TISSUE.fluid, look(6, 3, 0.6, 0.2)],
  [TISSUE.cord, look(38, 4, 2, 0.2)],
  [TISSUE.airway, look(-995, 3, 0.1, 0)],
  [TISSUE.mucosa, look(48, 8, 2, 0.25)],
  [TISSUE.cartilage, look(150, 70, 1, 0.2)],
  [TISSUE.disc, look(85, 8, 0.8, 0.2)],
  [TISSUE.tooth, look(1900, 250, 0.4, 0.2)],
  [TISSUE.thyroid, look(140, 10, 1.7, 0.35)],
  [TISSUE.parotid, look(0, 14, 2.4, 0.3)],
  [TISSUE.submandibular, look(62, 8, 3, 0.25)],
  [TISSUE.tonsil, look(62, 7, 6, 0.3)],
  [TISSUE.tongue, look(52, 16, 2.1, 0.3)],
  [TISSUE.vessel, look(170, 8, 1.6, 0.15)],
  [TISSUE.eye, look(12, 3, 0.6, 0.2)],
  [TISSUE.lens, look(95, 5, 0.6, 0.2)],
  [TISSUE.lung, look(-830, 45, 0.45, 0.2)],
  [TISSUE.laryngeal, look(62, 8, 3.6, 0.35)],
  [TISSUE.brownFat, look(-92, 8, 4, 0.3)],
  [TISSUE.chewing, look(62, 9, 1.2, 0.5)],
  [TISSUE.reactiveNode, look(70, 6, 1.9, 0.2)],
  [TISSUE.metal, look(3000, 0, 0.3, 0)],
  [TISSUE.tableShell, look(-20, 40, 0, 0)],
  [TISSUE.foam, look(-960, 8, 0, 0)],
  [TISSUE.connective, look(-25, 28, 0.6, 0.2)],
]);
