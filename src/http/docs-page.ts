/** What of Swagger UI's own package the page needs; nothing else of it is served. */
export const DOCS_ASSETS = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
] as const;

/**
 * The page at `/docs`. No inline script and no inline style, so that its Content-Security-Policy allows none; addresses
 * are relative, so that it works behind a proxy that serves us under a prefix.
 *
 * @param assets where the assets are, from the page's own address: `docs/` or `./`
 */
export function docsPage(assets: 'docs/' | './'): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>student-auth</title>
    <link rel="stylesheet" href="${assets}swagger-ui.css">
    <link rel="icon" type="image/png" href="${assets}favicon-32x32.png" sizes="32x32">
    <link rel="icon" type="image/png" href="${assets}favicon-16x16.png" sizes="16x16">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${assets}swagger-ui-bundle.js"></script>
    <script src="${assets}init.js"></script>
  </body>
</html>
`;
}

/**
 * Starts Swagger UI. Requests go without the browser's own credentials: on a 401 with a Basic challenge it would else
 * open its password window over the page. What is entered under Authorize is not kept: it may be a password.
 */
export const DOCS_INIT_SCRIPT = `window.ui = SwaggerUIBundle({
  url: new URL('../docs-json', document.currentScript.src).href,
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
  requestInterceptor: (request) => Object.assign(request, { credentials: 'omit' }),
});
`;
