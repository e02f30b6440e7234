import json,sys
