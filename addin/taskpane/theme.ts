import { webDarkTheme, webLightTheme, type Theme } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { Host } from './host.ts';

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

/** Excel's theme where it tells one, else the system's, also when that changes meanwhile. High contrast is Fluent's own doing. */
export function useTheme(host: Host): Theme {
  const [dark, setDark] = useState(host.dark ?? systemDark.matches);
  useEffect(() => {
    const follow = () => {
      setDark(host.dark ?? systemDark.matches);
    };
    systemDark.addEventListener('change', follow);
    return () => {
      systemDark.removeEventListener('change', follow);
    };
  }, [host]);
  return dark ? webDarkTheme : webLightTheme;
}

/** Whether the page is wide enough for the pane and the whole result side by side. */
export function useWide(): boolean {
  const [wide, setWide] = useState(wideQuery.matches);
  useEffect(() => {
    const follow = () => {
      setWide(wideQuery.matches);
    };
    wideQuery.addEventListener('change', follow);
    return () => {
      wideQuery.removeEventListener('change', follow);
    };
  }, []);
  return wide;
}

const wideQuery = window.matchMedia('(min-width: 900px)');
