// An invented school for working on the page: `npm run build && npm run mock`.
import { startMock } from './server.mjs';

const mock = await startMock({ port: Number(process.env.PORT ?? 8080) });
console.log(`${mock.origin}  logins: teacher deputy director admin region parent pupil, any password`);
