import { accessOf } from '../access/access.ts';
import { localAccess } from '../access/local.ts';
import { WrongUse, type ProductCommand } from './command.ts';

/** Issues a sign-in code for a person of access.yaml. The code is shown once and kept only as a hash. */
export const access: ProductCommand = {
  name: 'access',
  usage: 'tasksheet access issue PERSON [--json]',
  summary: 'Issue a sign-in code',
  needs: 'product',
  inData: true,
  run: async (product, { arguments: [action, person, ...rest], output }) => {
    if (person !== undefined) accessOf(product.catalog.access(), person);
    if (action !== 'issue' || person === undefined || rest.length > 0) throw new WrongUse('Say: access issue PERSON.');
    const { code, expiresAt } = await product.signInCodes.issue({ person, issuedBy: localAccess().person });
    if (output.json) output.line(JSON.stringify({ person, code, expiresAt: expiresAt.toISOString() }));
    else output.line(`${person}: ${code}   (once, until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC)`);
    return 0;
  },
};
