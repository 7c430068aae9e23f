import { crawl } from './layouts/crawl.ts';
import { headline } from './layouts/headline.ts';
import { register } from './register.ts';

register({ headline, crawl });
