/** Of all pages, within them: a browser asks for one otherwise. */
export const PAGE_ICON = `<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%23038141'/%3E%3Ctext x='8' y='12' font-family='sans-serif' font-size='11' font-weight='700' text-anchor='middle' fill='white'%3EA%3C/text%3E%3C/svg%3E">`;
