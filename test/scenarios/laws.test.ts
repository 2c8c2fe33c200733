// A few tries, 60 to 90 s in all; `npm run laws` has the long ones.
import '../laws/laws.lab.ts'
import '../laws/killed.lab.ts'
