/** The page at `/` in a real browser, with the shipped model: what people see and reach, not what its program holds. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../local/browser/open-browser.ts';
import { createWorkerHand, gradeItem } from '../producer/records.ts';
import { missingChromium } from '../set-up/chromium.ts';
import { type Desk, openDesk, SHIPPED_MODEL } from './harness.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true } as const;
const SEEN_MS_MAX = 60_000;
const CODE = '0009';

/** What is asked of elements: the tests are typed without a browser's own library. */
interface Drawn {
  readonly scrollWidth: number;
  readonly id: string;
  readonly name?: string;
  readonly textContent: string;
}

describe.skipIf(missingChromium() !== null)('the page in Chromium', () => {
  let desk: Desk;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const opened = await browser.newPage(options);
    opened.setDefaultTimeout(SEEN_MS_MAX);
    opened.on('pageerror', (error) => complaints.push(String(error)));
    opened.on('requestfailed', (request) => {
      // What was typed over is asked no more.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(request.url());
    });
    await opened.goto(`${desk.stack.endpoint?.address}/`);
    return opened;
  };
  const grade = (letter: string) => page.getByRole('img', { name: `Grade ${letter} of A to E` });
  const verdict = (): Promise<string> => page.locator('#verdict').innerText();
  const type = async (fields: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, value] of Object.entries(fields))
      await page.locator(`input[name="${name}"]`).fill(value);
  };

  beforeAll(async () => {
    desk = await openDesk({ workers: 0, modelFolder: SHIPPED_MODEL, endpointPort: 0 });
    const older = { sk: '2026-11-19T08:00:00.000Z#0123456789abcdef#000000000001' };
    await createWorkerHand(desk.stack.environment).putGrades(gradeItem(CODE), gradeItem(CODE, older));
    browser = await openBrowser();
    page = await open();
  });
  afterAll(async () => {
    await browser?.close();
    await desk.close();
  });

  it('grades while one types, and shows points, probabilities and reasons', async () => {
    await type({ categories: 'Hazelnut spreads', energyKj: '2252', fat: '30,9', saturatedFat: '10.6' });
    await type({ carbohydrates: '57.5', sugars: '56.3', fibre: '3.4', proteins: '6.3', salt: '0.107' });
    await type({ fruitShare: '0' });
    await grade('E').waitFor();
    await expect.poll(verdict).toMatch(/^E, by the published rules, with a score of 30\./);
    const row = page.getByRole('row', { name: 'Sugars' });
    expect(await row.innerText()).toMatch(/15 of 15/);
    expect(await page.getByRole('row', { name: 'Score' }).innerText()).toMatch(/30/);
    expect(await page.locator('.odds output').allInnerTexts()).toHaveLength(5);
    const reasons = await page.locator('.reasons li').allInnerTexts();
    expect(reasons.length).toBeGreaterThan(3);
    expect(reasons.join()).toMatch(/sugars 56.3 g/);
  });

  it('says that the model graded, and that the rules give no grade, where inputs are absent', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(verdict).toMatch(/^Type what is on the label/);
    await type({ sugars: '32', energyKj: '1900' });
    await expect.poll(verdict).toMatch(/^[A-E], by the model\. The published rules give no grade here/);
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('says what is impossible, and which field holds no number', async () => {
    await type({ fat: '3', saturatedFat: '5' });
    await expect.poll(verdict).toMatch(/^Item rejected\./);
    expect(await page.locator('.rejects li').count()).toBe(1);
    await type({ fat: 'three' });
    await expect.poll(verdict).toMatch(/^One field holds no number\./);
    expect(await page.locator('input[name="fat"]').getAttribute('aria-invalid')).toBe('true');
    await type({ fat: '6' });
    await expect.poll(verdict).toMatch(/by the model/);
  });

  it('takes the text of a label', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Paste a label, or JSON').click();
    await page
      .locator('#paste')
      .fill('Energie 1410 kJ / 335 kcal\nFett 1,5 g\ndavon gesättigte Fettsäuren 0,3 g\nZucker 1,2 g');
    await page.getByRole('button', { name: 'Fill in' }).click();
    await expect.poll(verdict).toMatch(/^[A-E], by the model/);
    expect(await page.locator('input[name="energyKcal"]').inputValue()).toBe('335');
    expect(await page.locator('input[name="saturatedFat"]').inputValue()).toBe('0.3');
  });

  it('looks a product up, and says so where there is none', async () => {
    await page.locator('#code').fill(CODE);
    await page.locator('#code').press('Enter');
    await expect.poll(verdict).toContain(`product ${CODE}, graded on`);
    expect(await page.getByRole('heading', { name: 'Earlier gradings' }).count()).toBe(1);
    await page.locator('#code').fill('404');
    await page.locator('#code').press('Enter');
    await expect.poll(verdict).toMatch(/^Product not graded\./);
  });

  it('is used by the keyboard alone', async () => {
    page = await open();
    const focused = () =>
      page.evaluate(() => {
        const { activeElement } = (globalThis as unknown as { document: { activeElement: Drawn } }).document;
        return activeElement.name || activeElement.id || activeElement.textContent;
      });
    const tab = async (times: number): Promise<string> => {
      for (let pressed = 0; pressed < times; pressed += 1) await page.keyboard.press('Tab');
      return focused();
    };
    expect(await tab(1)).toBe('code');
    expect(await tab(2)).toBe('a spread');
    await page.keyboard.press('Enter');
    await grade('E').waitFor();
    expect(await tab(4)).toBe('categories');
    expect(await tab(1)).toBe('energyKj');
    expect(await tab(5)).toBe('sugars');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('0');
    await page.keyboard.press('Enter');
    await expect.poll(verdict).not.toContain('score of 30');
    const outline = await page.locator('input[name="sugars"]').evaluate((element) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle(of: unknown): { readonly outlineStyle: string };
      };
      return getComputedStyle(element).outlineStyle;
    });
    expect(outline).not.toBe('none');
  });

  it.each(['light', 'dark'] as const)('is readable on a phone in %s', async (colorScheme) => {
    page = await open({ ...PHONE, colorScheme });
    await page.getByRole('button', { name: 'a cola' }).click();
    await expect.poll(verdict).toMatch(/by the published rules/);
    const width = await page.locator('html').evaluate((html) => (html as unknown as Drawn).scrollWidth);
    expect(width).toBeLessThanOrEqual(PHONE.viewport.width);
    const small = await page.locator('main *, header *').evaluateAll((elements) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle(of: unknown): { readonly fontSize: string };
      };
      return elements.filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < 12).length;
    });
    expect(small).toBe(0);
  });

  it('never complained, and asked nobody but the endpoint', () => {
    expect(complaints).toEqual([]);
  });
});
