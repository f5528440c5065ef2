// Unpacks the browser of @sparticuz/chromium, with the libraries and fonts it brings along, into TMPDIR, and prints
// where it is. A process of its own, because the package asks the environment where to and what.
import chromium from '@sparticuz/chromium';

console.log(await chromium.executablePath());
