// Requests to the server: the CSRF header on writes, and the error message of a failed request.
import { $, words } from "./dom.js";

export const csrfHeader = () => {
  const token = $("meta[name=csrf-token]")?.content;
  return token ? { "X-CSRFToken": token } : {};
};

/** The message of an error page, an error fragment or a problem document (RFC 9457); else a general message. */
export function errorMessageOf(text, type = "") {
  if (type.includes("json")) {
    try {
      const problem = JSON.parse(text);
      return problem.detail || problem.message || problem.title || words("failed");
    } catch {
      return words("failed");
    }
  }
  if (type.includes("text/plain")) return text.trim() || words("failed");
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector("[data-error]")?.textContent.trim() || words("failed");
}

/** The session has ended, so that the server answered with the log-in page, or refused the page's token. */
export class LoggedOut extends Error {}

async function checkResponse(request) {
  let response;
  try {
    response = await request;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(words("offline"));
  }
  if (response.headers.has("HX-Redirect")) throw new LoggedOut(words("loggedOut"));
  if (response.ok) return response;
  const message = errorMessageOf(await response.text(), response.headers.get("Content-Type") ?? "");
  throw response.status === 400 || response.status === 401 ? new LoggedOut(message) : new Error(message);
}

export const get = (url, options = {}) =>
  checkResponse(fetch(url, { headers: { Accept: "application/json, text/html", "HX-Request": "true" }, ...options }));

export const post = (url, body, options = {}) =>
  checkResponse(fetch(url, { method: "POST", body, headers: { Accept: "application/json, text/html", "HX-Request": "true", ...csrfHeader() }, ...options }));
