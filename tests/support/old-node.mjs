/**
 * Makes this Node look like an old one, for `node --import`: it calls itself 18, and as in an old one a package of today
 * fails when it is linked, which is before the first line of the script that imports it has run.
 */
import { register } from 'node:module';

Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } });

const hooks = `
  export function resolve(specifier, context, next) {
    if (/^[a-z@]/.test(specifier) && !specifier.startsWith('node:') && !specifier.startsWith('file:'))
      throw new SyntaxError('The requested module does not provide an export named x');
    return next(specifier, context);
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
