"""The program of the article that this project starts from, run as it is printed.

Only what the article leaves open is filled in: the nonce function (called, never defined), the form of the address (it
is given a host, as its own constructor wants), ``apikey``/``apiKey``, the verbosity flag, the second element of the
tuple that ``subscription`` returns, the start line that is commented out, and the two functions outside the class.
"""

import base64
import collections
import hashlib
import hmac
import math
import random
import string
import sys
import time
import urllib.parse

import requests


class Gallery(object):
    def __init__(self, apiLocation, apiKey, apiSecret):
        self.apiLocation = 'http://' + apiLocation + '/gallery/api/v1'
        self.apiKey = apiKey
        self.apiSecret = apiSecret
        self.apiVerbose = False

    def generate_nonce(self, length):
        return ''.join(random.choice(string.ascii_letters + string.digits) for _ in range(length))

    def buildOauthParams(self):
        return {'oauth_consumer_key': self.apiKey,
                'oauth_nonce': self.generate_nonce(5),
                'oauth_signature_method': 'HMAC-SHA1',
                'oauth_timestamp': str(int(math.floor(time.time()))),
                'oauth_version': '1.0'}

    def generateSignature(self, httpMethod, url, params):
        q = lambda x: requests.utils.quote(x, safe="~")
        sorted_params = collections.OrderedDict(sorted(params.items()))
        normalized_params = urllib.parse.urlencode(sorted_params)
        base_string = "&".join((httpMethod.upper(), q(url), q(normalized_params)))
        secret_bytes = bytes("&".join([self.apiSecret, '']), 'ascii')
        base_bytes = bytes(base_string, 'ascii')
        sig = hmac.new(secret_bytes, base_bytes, hashlib.sha1)
        return base64.b64encode(sig.digest())

    def subscription(self, search=""):
        method = 'GET'
        url = self.apiLocation + '/workflows/subscription/'
        params = self.buildOauthParams()
        if search != "":
            params.update({'search': search})
        signature = self.generateSignature(method, url, params)
        params.update({'oauth_signature': signature})
        try:
            output = requests.get(url, params=params)
            output.raise_for_status()
        except requests.exceptions.HTTPError as err:
            print(err)
            sys.exit(err)
        except requests.exceptions.RequestException as err2:
            print(err2)
            sys.exit(err2)
        return output, output.json()

    def executeWorkflow(self, appId, **kwargs):
        method = 'POST'
        url = self.apiLocation + '/workflows/' + appId + '/jobs/'
        params = self.buildOauthParams()
        signature = self.generateSignature(method, url, params)
        params.update({'oauth_signature': signature})
        if 'payload' in kwargs:
            if self.apiVerbose:
                print('Payload included: %s' % kwargs['payload'])
            payload_data = kwargs['payload']
            try:
                output = requests.post(url, json=payload_data, headers={'Content-Type': 'application/json'},
                                       params=params)
                output.raise_for_status()
            except requests.exceptions.HTTPError as err:
                print(err)
                sys.exit(err)
            except requests.exceptions.RequestException as err2:
                print(err2)
                sys.exit(err2)
        else:
            if self.apiVerbose:
                print('No Payload included')
            try:
                output = requests.post(url, params=params)
                output.raise_for_status()
            except requests.exceptions.HTTPError as err:
                print(err)
                sys.exit(err)
            except requests.exceptions.RequestException as err2:
                print(err2)
                sys.exit(err2)
        return output, output.json()


host, apiKey, apiSecret = sys.argv[1:]
Establish_connection = Gallery(host, apiKey, apiSecret)
list_all_workflows_on_server = Establish_connection.subscription()[1]

Search_for_workflows = input('Hi, Please enter the name of your workflow you would like to run: ')
for workflow in list_all_workflows_on_server:
    if workflow['metaInfo']['name'] == Search_for_workflows:
        print('Congratulation, the name of the workflow you searched is available on the server')
        workflow_id = workflow['id']
        print('This is the workflow id for the name you searched on the server', workflow_id)
        fire_up_a_workflow = Establish_connection.executeWorkflow(workflow_id)
        print('started', fire_up_a_workflow[1]['id'])
    elif workflow['metaInfo']['name'] != Search_for_workflows:
        print('Please make sure you entered the workflow name the right way or enter another workflow name to run')
