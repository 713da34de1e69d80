// Starts Swagger UI on the page of the OpenAPI document. Adds the CSRF token for requests with the browser's session.
// Swagger UI is dark in this class. The reader's choice of a theme counts before the system's.
const root = document.documentElement;
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const showTheme = () => root.classList.toggle("dark-mode", root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches);
prefersDark.addEventListener("change", showTheme);
showTheme();

const container = document.getElementById("swagger-ui");

SwaggerUIBundle({
  url: container.dataset.document,
  domNode: container,
  deepLinking: false, // it would put a link into each button
  displayRequestDuration: true,
  docExpansion: "list",
  persistAuthorization: false,
  syntaxHighlight: { theme: "arta" },
  tryItOutEnabled: true,
  validatorUrl: null,
  withCredentials: true,
  requestInterceptor(request) {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && new URL(request.url, location.href).origin === location.origin) request.headers["X-CSRFToken"] = token.content;
    return request;
  },
});

// What it leaves without a name or out of reach of the keyboard. It draws operations when they are scrolled to.
function name(select) {
  const label = select.closest("tr")?.querySelector(".parameter__name")?.textContent ?? select.closest("label")?.textContent ?? select.id;
  select.setAttribute("aria-label", label.replace("*", "").trim() || "Media type");
}

new MutationObserver(() => {
  for (const select of container.querySelectorAll("select:not([aria-label])")) name(select);
  for (const heading of container.querySelectorAll("h3:not([aria-level]), h4:not([aria-level]), h5:not([aria-level])")) {
    heading.setAttribute("aria-level", Number(heading.tagName[1]) - 1); // it has no second level
  }
  for (const part of container.querySelectorAll(".information-container:not([role]), .schemes-server-container:not([role])")) {
    part.setAttribute("role", "region");
    part.setAttribute("aria-label", part.matches(".information-container") ? "About the API" : "Server and log-in");
  }
  for (const block of container.querySelectorAll("pre:not([tabindex]), .microlight:not([tabindex])")) block.tabIndex = 0;
}).observe(container, { childList: true, subtree: true });
