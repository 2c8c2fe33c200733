// A few tries, some 50 s in all; `npm run laws` has the long ones.
import '../laws/footprints.lab.ts'
