// Starts Swagger UI on the page of the OpenAPI document. Adds the CSRF token for requests with the browser's session.
const container = document.getElementById("swagger-ui");

SwaggerUIBundle({
  url: container.dataset.document,
  domNode: container,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
  withCredentials: true,
  requestInterceptor(request) {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && new URL(request.url, location.href).origin === location.origin) request.headers["X-CSRFToken"] = token.content;
    return request;
  },
});
