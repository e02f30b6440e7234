import { createContext, type ReactNode, useContext, useState } from 'react';

/** A line of a statement, whose explanation the panel beside the page shows. */
export interface Asked {
  period: string;
  participant: string;
  line: string;
}

const WhyContext = createContext<{ asked: Asked | undefined; ask: (asked: Asked | undefined) => void }>({
  asked: undefined,
  ask: () => undefined,
});

export function WhyProvider({ children }: { children: ReactNode }) {
  const [asked, ask] = useState<Asked>();
  return <WhyContext.Provider value={{ asked, ask }}>{children}</WhyContext.Provider>;
}

export const useWhy = () => useContext(WhyContext);

/** A number that explains itself when it is pressed. */
export function WhyButton({ asked, label, children }: { asked: Asked; label: string; children: ReactNode }) {
  const { ask } = useWhy();
  return (
    <button type="button" className="why" aria-label={label} onClick={() => ask(asked)}>
      {children}
    </button>
  );
}
