import { tokens } from '@fluentui/react-components';

const cover = (side: 'left' | 'right'): string => `linear-gradient(to ${side === 'left' ? 'right' : 'left'}, ${tokens.colorNeutralBackground1} 30%, transparent)`;
const shade = (side: 'left' | 'right'): string => `radial-gradient(farthest-side at ${side === 'left' ? '0' : '100%'} 50%, ${tokens.colorNeutralShadowKey}, transparent)`;

/**
 * A shade at the side where a table goes on out of sight. The covers move with the content and the shades stay, so a shade is seen only
 * while there is something to scroll to.
 */
export const scrollShadows = {
  backgroundImage: [cover('left'), cover('right'), shade('left'), shade('right')].join(', '),
  backgroundPosition: 'left center, right center, left center, right center',
  backgroundRepeat: 'no-repeat',
  backgroundSize: '40px 100%, 40px 100%, 14px 100%, 14px 100%',
  backgroundAttachment: 'local, local, scroll, scroll',
};
