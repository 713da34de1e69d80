// Starts Swagger UI on the page of the API's document. With the browser's own session, what writes carries its token.
const place = document.getElementById("swagger-ui");

SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
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
