import { z } from 'zod';

// The window's CSP forbids eval; asking zod not to try keeps a violation out of the console.
// Imported before the contract, because schemas look at this while they are built.
z.config({ jitless: true });
