/** What the server tells the page of the rules: it stands in the page itself. */
import type { PageData } from '../page-data.ts';

export const pageData = JSON.parse(document.getElementById('page-data')?.textContent ?? '') as PageData;
