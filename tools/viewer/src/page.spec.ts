import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decode } from 'fast-png';
import type { Browser, Page } from 'playwright-core';
import { realDataDir, useFolder } from '@hecktor/testing';
import { findChromium, openBrowser } from './fixtures/browser.ts';
import { makeStudy } from './fixtures/make-study.ts';
import { readOptions } from './options.ts';
import { serveViewer, type Viewer } from './server.ts';
import { readStudy } from './study.ts';

const PAGE = 'dist/tools/viewer';
const folder = useFolder();
const path = findChromium();

describe(path === undefined ? 'the page (no Chromium here)' : 'the page', () => {
  if (path === undefined) {
    it('is tested where there is a browser; CI demands one', () => {
      expect(() => findChromium({ CI: 'true', PATH: '' })).toThrow('Chromium is missing');
    });
    return;
  }
  let browser: Browser;
  let viewer: Viewer;
  let page: Page;
  const complaints: string[] = [];
  const requests: string[] = [];

  async function open(...args: readonly string[]): Promise<void> {
    viewer = await serveViewer(readStudy(readOptions(['--port', '0', ...args])), PAGE, 0);
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(viewer.url);
    await settled();
  }

  /** Waits until the case that was asked for is shown. */
  async function settled(): Promise<void> {
    await page.locator('#panes[aria-busy=false]').waitFor();
  }

  /** Pixels of a pane that have a colour, to within a little. */
  async function pixelsOf(pane: number, [r, g, b]: readonly number[]): Promise<number> {
    const image = decode(await page.locator('figure div').nth(pane).screenshot());
    const { data, channels } = image;
    let count = 0;
    for (let at = 0; at < data.length; at += channels) {
      const off = [r, g, b].map((value, i) => Math.abs(data[at + i]! - value!));
      if (Math.max(...off) < 24) count++;
    }
    return count;
  }

  beforeAll(async () => {
    browser = await openBrowser(path);
    const { data, run, masks, scores } = await makeStudy(folder);
    await open('--data', data, '--pred', run, '--pred', masks, '--scores', scores);
  });
  afterAll(async () => {
    await browser.close();
    viewer.close();
  });

  const [BLUE, CYAN, GREEN] = [
    [40, 120, 255],
    [0, 205, 240],
    [0, 180, 80],
  ];

  it('shows the first case in three panes, none of them blank, with outlines', async () => {
    expect(await page.locator('#case-title').textContent()).toBe('P-1');
    expect(await page.locator('figcaption:visible').allTextContents()).toEqual([
      'CT soft tissue 400/40',
      'PET SUV 0\u20135',
      'fusion SUV 0\u20135',
    ]);
    for (const pane of [0, 1, 2]) expect(await pixelsOf(pane, BLUE)).toBeGreaterThan(40);
    // Tissue of 40 HU is mid grey in a window around 40 HU; PET is black on white.
    expect(await pixelsOf(0, [128, 128, 128])).toBeGreaterThan(2000);
    expect(await pixelsOf(1, [255, 255, 255])).toBeGreaterThan(2000);
    expect(await pixelsOf(1, [0, 0, 0])).toBeGreaterThan(100);
    // The hottest colour over that grey, 70 to 30.
    expect(await pixelsOf(2, [217, 217, 192])).toBeGreaterThan(100);
  });

  it('jumps to lesions', async () => {
    const place = page.locator('#place');
    expect(await place.textContent()).toMatch(
      /^HU 40 \u00b7 SUV 20\.00 \u00b7 L 1[345], A (9|10|11), S (29|3[0-2]) mm$/,
    );
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'GTVn 1' }).click();
    const elsewhere = await place.textContent();
    expect(elsewhere).not.toContain('SUV 20.00');
    await page.keyboard.press('p');
    expect(await place.textContent()).toContain('SUV 20.00');
    await page.keyboard.press('n');
    expect(await place.textContent()).toBe(elsewhere);
    expect(await page.locator('#lesions tr').allTextContents()).toEqual([
      'truth, dashed',
      expect.stringMatching(/^GTVp 14\.\d\d20\.0missed by masks$/),
      'masks, solid',
      expect.stringMatching(/^GTVn 10\.13\d\.\dnot in the truth$/),
    ]);
    await page.keyboard.press('r');
  });

  it('scrolls, and all panes with it', async () => {
    await page
      .locator('figure canvas')
      .nth(2)
      .hover({ position: { x: 60, y: 60 } });
    const others = () =>
      Promise.all([0, 1].map((pane) => page.locator('figure div').nth(pane).screenshot()));
    const before = await others();
    await page.mouse.wheel(0, 400);
    const after = await others();
    before.forEach((picture, i) => expect(picture.equals(after[i]!)).toBe(false));
  });

  it('turns outlines off and changes windows', async () => {
    await page.keyboard.press('o');
    expect(await pixelsOf(0, BLUE)).toBe(0);
    await page.keyboard.press('o');
    await page.keyboard.press('u');
    expect(await page.locator('figcaption').nth(1).textContent()).toBe('PET SUV 0\u20137');
    await page.keyboard.press('u');
  });

  it('compares runs side by side, and shows the same place afterwards', async () => {
    for (const key of ['ArrowLeft', 'PageDown', 'f']) {
      for (let i = 0; i < 12; i++) await page.keyboard.press(key);
    }
    expect(await pixelsOf(2, BLUE)).toBe(0);
    await page.keyboard.press('c');
    await page.locator('figcaption', { hasText: 'masks' }).waitFor();
    expect(await page.locator('figure:visible').count()).toBe(2);
    await page.getByRole('button', { name: 'GTVn 1' }).click();
    expect(await pixelsOf(1, GREEN)).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'GTVp 1' }).first().click();
    await page.keyboard.press('c');
    await page.locator('figure:visible').nth(2).waitFor();
    expect(await pixelsOf(2, BLUE)).toBeGreaterThan(40);
  });

  it('opens another case, of another format, and says why a run has none', async () => {
    await page.keyboard.press('.');
    await page.locator('#case-title:text-is("P-2")').waitFor();
    await settled();
    expect(page.url()).toContain('#P-2');
    expect(await page.locator('#results').textContent()).toContain('the image is cut short');
    expect(await page.locator('#place').textContent()).toContain(
      'HU 40 \u00b7 SUV 20.00 \u00b7 L 1',
    );
    expect(await pixelsOf(0, CYAN)).toBeGreaterThan(50);
  });

  it('filters the cases', async () => {
    await page.locator('#filter').selectOption('failed');
    expect(await page.locator('#cases li').allTextContents()).toEqual(['P-2failed']);
    await page.locator('#filter').selectOption('all');
    await page.locator('#search').fill('p-1');
    expect(await page.locator('#cases li').allTextContents()).toEqual(['P-11.00']);
    await page.locator('#search').fill('');
  });

  it('leaves nothing of a patient behind when the next cannot be read', async () => {
    await page.locator('#cases button').first().click();
    await page.locator('#case-title:text-is("P-1")').waitFor();
    for (const file of ['images/ct/a.mha', 'images/pet/b.mha', 'P-2.mha']) {
      writeFileSync(folder.at('data/P-2', file), 'ObjectType = Image');
    }
    await page.locator('#cases button').nth(1).click();
    await page.locator('#case-title:text-is("P-2")').waitFor();
    await settled();
    expect(await page.locator('#problems p').count()).toBe(3);
    for (const colour of [[128, 128, 128], BLUE, CYAN]) expect(await pixelsOf(0, colour!)).toBe(0);
  });

  it('lists its keys', async () => {
    await page.locator('#case-title').click();
    await page.keyboard.press('?');
    expect(await page.locator('dialog').textContent()).toContain('next lesion');
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog').isVisible()).toBe(false);
  });

  const real = realDataDir();
  if (real !== undefined) {
    it('shows a real patient', async () => {
      viewer.close();
      await page.close();
      const images = ['CT_image', 'PET_image', 'CT_mask'].map(
        (name) => `${real}/petct/STS_002/${name}.nii.gz`,
      );
      const table = folder.put('real.csv', `PatientID,ct,pet,labels\nSTS_002,${images.join()}\n`);
      await open('--data', table);
      expect(await page.locator('#lesions tr').nth(1).textContent()).toMatch(/^GTVp 1\d\d/);
      for (const pane of [0, 1, 2]) expect(await pixelsOf(pane, CYAN)).toBeGreaterThan(50);
    });
  }

  it('asked nobody else for anything and met no error', () => {
    expect(complaints).toEqual([]);
    expect(requests.length).toBeGreaterThan(10);
    for (const url of requests) expect(url).toMatch(/^(http:\/\/127\.0\.0\.1:\d+\/|data:)/);
  });
});
