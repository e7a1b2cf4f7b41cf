// Looks at pages with Lighthouse in one Chromium that stays open: an order per line in, a finding per line out.
//   node audit.mjs CHROMIUM ADDRESS [FLAG-OF-CHROMIUM …]
// Order: {"path", "form": "mobile" | "desktop", "role", "cookies": [{"name", "value"}]}. Each role has windows of its own.
import { createInterface } from 'node:readline';
import lighthouse, { desktopConfig } from 'lighthouse';
import { launch } from 'puppeteer-core';

const CATEGORIES = ['accessibility', 'best-practices'];
const MEASURES = ['cumulative-layout-shift', 'total-byte-weight'];
// A slow network is reckoned, not waited for: a page takes what it takes to load, and these pauses.
const PAUSES = { pauseAfterFcpMs: 300, pauseAfterLoadMs: 300, networkQuietThresholdMs: 300, cpuQuietThresholdMs: 300 };
const FLAGS = {
  onlyCategories: CATEGORIES,
  onlyAudits: MEASURES,
  ignoreStatusCode: true, // a page that says what went wrong is looked at, too
  disableFullPageScreenshot: true,
  logLevel: 'silent',
  ...PAUSES,
};

/** What took points in a category, and where. */
function lost({ categories, audits }, name) {
  return categories[name].auditRefs
    .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
    .map(({ id }) => ({ audit: id, says: audits[id].title, where: (audits[id].details?.items ?? []).map(place) }));
}

/** The element, else all that the audit says of it. */
function place(item) {
  return item.node ? `${item.node.selector}: ${item.node.snippet}` : JSON.stringify(item);
}

async function look(window, { path, form }) {
  const page = await window.newPage();
  try {
    const { lhr } = await lighthouse(address + path, FLAGS, form === 'desktop' ? desktopConfig : undefined, page);
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    const { categories, audits } = lhr;
    const broken = Object.values(audits).filter(({ scoreDisplayMode }) => scoreDisplayMode === 'error');
    if (broken.length) throw new Error(broken.map(({ id, errorMessage }) => `${id}: ${errorMessage}`).join('; '));
    return {
      shown: lhr.finalDisplayedUrl.replace(address, ''),
      scores: Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(categories[name].score * 100)])),
      lost: CATEGORIES.flatMap((name) => lost(lhr, name)),
      shift: audits['cumulative-layout-shift'].numericValue,
      bytes: audits['total-byte-weight'].numericValue,
    };
  } finally {
    await page.close();
  }
}

/** Once more where Lighthouse itself did not get through: on a busy machine its patience may end first. */
async function lookTwice(window, order) {
  return look(window, order).catch(() => look(window, order)).catch((error) => ({ failed: String(error) }));
}

async function windowOf(role, cookies) {
  const window = await chromium.createBrowserContext();
  await window.setCookie(...cookies.map((cookie) => ({ ...cookie, domain: new URL(address).hostname })));
  return window;
}

const [executablePath, address, ...args] = process.argv.slice(2);
const chromium = await launch({ executablePath, args: ['--disable-background-networking', ...args] });
const windows = {};
try {
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    windows[order.role] ??= await windowOf(order.role, order.cookies);
    const found = await lookTwice(windows[order.role], order);
    process.stdout.write(`${JSON.stringify(found)}\n`);
  }
} finally {
  await chromium.close();
}
