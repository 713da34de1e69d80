// Updates relative times such as "3 minutes ago" while a page is open. Times older than a day stay as printed.
import { $$ } from "./dom.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function ago(seconds, format) {
  if (seconds < MINUTE) return null;
  if (seconds < HOUR) return format.format(-Math.floor(seconds / MINUTE), "minute");
  if (seconds < DAY) return format.format(-Math.floor(seconds / HOUR), "hour");
  return null;
}

export function start() {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
  setInterval(() => {
    for (const time of $$("time[data-relative]")) {
      const text = ago((Date.now() - Date.parse(time.dateTime)) / 1000, format);
      if (text && text !== time.textContent) time.textContent = text;
    }
  }, MINUTE * 1000);
}
