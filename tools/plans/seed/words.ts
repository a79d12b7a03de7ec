/** Words that texts are made of, from common to rare: what a search for one of them finds differs accordingly. */
export const WORDS = (
  'the and for with new this that from you are your small build part fast more time first about good set use make work black high ' +
  'light power open long road front rear race metal short clean quick start steel plate upper lower outer inner spare extra custom ' +
  'grade sport drive wheel frame chain brake motor engine clutch throttle torque piston gasket carbon spring winter summer street ' +
  'garage project upgrade restore original classic vintage modern simple complete review guide lesson answer question support ' +
  'update release notice weekly monthly friend member creator author editor reader market seller buyer order invoice payment ' +
  'north south east west river forest island harbour bridge castle village valley meadow mountain orange yellow purple silver golden'
).split(' ')
