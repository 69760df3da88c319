from lianying.config.cli import main

main()
