/** Opens what the address names, such as `#DeadLetters`: links of the terminal and of the runbook lead to alarms. */
export function openTarget(): void {
  const name = location.hash.slice(1);
  const target = name === '' ? null : document.getElementById(name);
  if (target === null) return;
  for (
    let fold = target.closest('details');
    fold !== null;
    fold = fold.parentElement?.closest('details') ?? null
  )
    fold.open = true;
  const own = target.querySelector('details');
  if (own !== null) own.open = true;
  target.scrollIntoView({ block: 'nearest' });
}
