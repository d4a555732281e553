import { Archive, House, KeyRound, PackageCheck, Settings, ShieldCheck, Siren, Users } from 'lucide-react';
import type { ReactElement } from 'react';
import styles from './frame.module.css';
import { useRoute } from './route-store.ts';
import { addressOf, railPlaceOf } from './routes.ts';

const PLACES = [
  { place: 'home', name: 'Home', address: addressOf.home, Icon: House },
  { place: 'releases', name: 'Releases', address: addressOf.releases, Icon: PackageCheck },
  { place: 'emergency', name: 'Emergency', address: addressOf.emergencies, Icon: Siren },
  { place: 'archive', name: 'Archive', address: addressOf.archive, Icon: Archive },
  { place: 'verify', name: 'Verify', address: addressOf.verify, Icon: ShieldCheck },
  { place: 'keys', name: 'Keys', address: addressOf.keys, Icon: KeyRound },
  { place: 'people', name: 'People', address: addressOf.people, Icon: Users },
  { place: 'settings', name: 'Settings', address: addressOf.settings, Icon: Settings },
] as const;

/** The left rail: only what exists. */
export function Rail(): ReactElement {
  const here = useRoute((state) => railPlaceOf(state.route));
  return (
    <nav className={styles['rail']} aria-label="Screens">
      <ul>
        {PLACES.map(({ place, name, address, Icon }) => (
          <li key={place}>
            <a className={styles['place']} href={address} title={name} aria-current={here === place ? 'page' : undefined}>
              <Icon aria-hidden="true" />
              <span className={styles['placeName']}>{name}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
