import sys

from sample_mail.app import main

sys.exit(main())
