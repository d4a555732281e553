import { compose } from '../../../src/main/compose.ts';

/** Makes one call to the core and prints its envelope: what a shell would be told. */
const [name = '', input = '{}'] = process.argv.slice(2);
const core = compose({ shell: 'test' });
process.stdout.write(JSON.stringify(await core.dispatch(name, JSON.parse(input), { shell: 'test' })));
await core.close();
