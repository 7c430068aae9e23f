import { openEmbeddedHarness } from '../support/embedded.ts';
import { engineContract } from './engine.ts';
import { recordsContract } from './records.ts';

engineContract('embedded', openEmbeddedHarness);
recordsContract('embedded', openEmbeddedHarness);
